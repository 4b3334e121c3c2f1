package io.pycached.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.compile.Compiled.Cause;
import io.pycached.compile.Compiled.Code;
import io.pycached.compile.Compiled.Failed;
import io.pycached.compile.Compiled.Quarantined;
import io.pycached.compile.Compiled.Refused;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Compiles sources in worker processes, one source a worker at a time.
 *
 * <p>Safe for use by any thread; {@link #compile} blocks, so a caller brings as many threads as it
 * wants sources compiled at once. Nothing runs before the first request, and nothing is left when
 * no request came for {@link Limits#idle}.
 */
public final class Compilers implements AutoCloseable {
  /** How long an interpreter is left alone in which no worker starts. */
  static final Duration START_AGAIN = Duration.ofSeconds(30);

  private static final int MAX_BROKEN = 100;

  /** What is answered for an interpreter that is left alone, and what is told of it. */
  private record Broken(Failed failed, BrokenInterpreter told) {}

  private final Limits limits;
  private final InstantSource clock;
  private final WorkerPool pool;
  private final Quarantine quarantine;
  private final Cache<Interpreter, Broken> broken =
      Caffeine.newBuilder().maximumSize(MAX_BROKEN).expireAfterWrite(START_AGAIN).build();
  private final AtomicLong crashed = new AtomicLong();
  private final AtomicLong timedOut = new AtomicLong();

  /**
   * @param clock what tells since when a source, or an interpreter, is left alone
   */
  public Compilers(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.pool = new WorkerPool(limits);
    this.quarantine = new Quarantine(limits.quarantine(), clock);
  }

  /**
   * {@return what became of a source, after waiting for a worker if all are busy}
   *
   * <p>A source in whose midst a worker ends is given to one fresh worker more, for the first may
   * have been ended by others. One that takes too long is not tried again.
   *
   * @throws InterruptedException if this thread is interrupted; the worker is ended, and nothing is
   *     held against the source
   */
  public Compiled compile(CompileRequest request) throws InterruptedException {
    int optimize = List.of("", "1", "2", "0").indexOf(request.optimization());
    if (optimize < 0) {
      return new Refused(
          "optimization level " + request.optimization() + ": compile() takes none, 1 and 2");
    }
    if (request.source().length > limits.sourceBytes()) {
      return new Refused(
          "source is "
              + request.source().length
              + " bytes, more than the "
              + limits.sourceBytes()
              + " that are compiled");
    }
    Optional<String> reason = quarantine.reason(request);
    if (reason.isPresent()) {
      return new Quarantined(reason.get());
    }
    if (pool.isClosed()) {
      return closed();
    }
    Broken known = broken.getIfPresent(request.interpreter());
    return known != null ? known.failed() : compile(request, optimize % 3);
  }

  private Compiled compile(CompileRequest request, int optimize) throws InterruptedException {
    try {
      Optional<Worker> worker = pool.borrow(request.interpreter());
      return worker.isPresent() ? compileIn(worker.get(), request, optimize) : closed();
    } catch (IOException | TimeoutException e) {
      return unstarted(request.interpreter(), e);
    }
  }

  /** Throws where a second worker is needed and does not start. */
  private Compiled compileIn(Worker first, CompileRequest request, int optimize)
      throws IOException, TimeoutException, InterruptedException {
    byte[] filename = RawPath.of(request.filename()).getBytes(ISO_8859_1);
    @Nullable Worker held = first;
    boolean keep = false;
    try {
      boolean last = false;
      Worker worker = first;
      while (true) {
        boolean fresh = worker.isFresh();
        try {
          Worker.Reply reply = worker.compile(optimize, filename, request.source());
          // Sources before it may have taken the memory that this one lacked.
          if (!worker.isSpent() || fresh || last) {
            keep = true;
            return reply.refused()
                ? new Refused(new String(reply.bytes(), UTF_8))
                : new Code(reply.bytes());
          }
        } catch (TimeoutException e) {
          timedOut.incrementAndGet();
          return quarantine(request, "did not compile within " + seconds(limits.file()));
        } catch (ProtocolException e) {
          return broken(request.interpreter(), Cause.PROTOCOL, e);
        } catch (IOException e) {
          if (pool.isClosed()) {
            return closed();
          }
          crashed.incrementAndGet();
          if (last) {
            return quarantine(request, "its worker " + worker.child().obituary());
          }
        }
        last = true;
        // If no other starts, this one has been ended, and its place left, already.
        held = null;
        worker = pool.replace(worker);
        held = worker;
      }
    } finally {
      if (held != null && keep) {
        pool.giveBack(held);
      } else if (held != null) {
        pool.discard(held);
      }
    }
  }

  private Quarantined quarantine(CompileRequest request, String reason) {
    quarantine.add(request, reason);
    return new Quarantined(reason);
  }

  private Failed unstarted(Interpreter interpreter, Exception e) {
    if (pool.isClosed()) {
      return closed();
    }
    if (e instanceof Worker.ChangedException) {
      return broken(interpreter, Cause.CHANGED, e);
    }
    return broken(interpreter, e instanceof ProtocolException ? Cause.PROTOCOL : Cause.START, e);
  }

  private Failed broken(Interpreter interpreter, Cause cause, Exception e) {
    Failed failed = new Failed(cause, interpreter.executable() + ": " + e.getMessage());
    broken.put(
        interpreter,
        new Broken(
            failed,
            new BrokenInterpreter(interpreter.executable(), failed.reason(), clock.instant())));
    return failed;
  }

  private static Failed closed() {
    return new Failed(Cause.CLOSED, "the compilers are closed");
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }

  /** {@return the sources that are left alone, by path} */
  public List<QuarantinedSource> quarantined() {
    return quarantine.sources();
  }

  /** {@return the interpreters that are left alone for a while, and why} */
  public List<BrokenInterpreter> broken() {
    return broken.asMap().values().stream()
        .map(Broken::told)
        .sorted(Comparator.comparing(BrokenInterpreter::executable))
        .toList();
  }

  /** {@return what was done so far} */
  public Statistics statistics() {
    return new Statistics(
        pool.alive(),
        pool.busy(),
        pool.started(),
        crashed.get(),
        timedOut.get(),
        quarantine.sources().size());
  }

  /** Ends every worker at once; requests under way fail. */
  @Override
  public void close() {
    pool.close();
  }
}
