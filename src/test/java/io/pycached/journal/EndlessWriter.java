package io.pycached.journal;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A program that writes events until it is killed, and says when the first ones are written. */
final class EndlessWriter {
  private EndlessWriter() {}

  public static void main(String[] args) throws InterruptedException {
    Path prefix = Path.of(args[0]);
    InstantSource clock = InstantSource.system();
    Semaphore room = new Semaphore(50);
    Journal journal =
        Journal.start(
            prefix,
            args[1],
            new Journal.Listener() {
              @Override
              public void written(int lines) {
                System.out.println(lines);
                room.release(lines);
              }
            },
            clock);
    for (long i = 0; ; i++) {
      room.acquire();
      journal.add(
          new Event(
              clock.instant(),
              Event.Action.DELETE,
              prefix.resolve("m.cpython-312.pyc"),
              Optional.empty(),
              "shop",
              "source-missing",
              i,
              "x".repeat((int) (i % 3_000))));
    }
  }
}
