package io.pycached.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service with fixed answers that remembers what it was asked to write. */
final class FakeService implements AdminService {
  /** What a write does. */
  interface Work {
    Answer run(WriteRequest request) throws InterruptedException;
  }

  final List<WriteRequest> writes = new CopyOnWriteArrayList<>();
  final List<Path> asked = new CopyOnWriteArrayList<>();
  volatile Health ready = new Health(true, "ok");
  volatile Work work = request -> Answer.json("{\"done\":true}");

  @Override
  public Health alive() {
    return new Health(true, "alive");
  }

  @Override
  public Health ready() {
    return ready;
  }

  @Override
  public State state() {
    return State.DEGRADED;
  }

  @Override
  public String status(Format format) {
    return format == Format.JSON ? "{\"schema\":1}" : "● pycached — degraded\n";
  }

  @Override
  public Answer metrics(String accept) {
    if (accept.equals("application/x-broken")) {
      throw new IllegalStateException("a secret detail");
    }
    return new Answer(200, "text/plain; version=0.0.4", "accepted{by=\"" + accept + "\"} 1\n");
  }

  @Override
  public Answer why(Path path, Format format) {
    asked.add(path);
    return Answer.json("{\"format\":\"" + format + "\"}");
  }

  @Override
  public Answer write(WriteRequest request, Format format) throws InterruptedException {
    writes.add(request);
    return work.run(request);
  }
}
