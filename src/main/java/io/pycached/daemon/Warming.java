package io.pycached.daemon;

import io.pycached.apply.Access;
import io.pycached.apply.Adopter;
import io.pycached.apply.PycWriter;
import io.pycached.compile.Compilers;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Limits;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.BuildQueue;
import io.pycached.reconcile.Toolchain;
import io.pycached.reconcile.Workshop;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What makes bytecode, put together for one prefix.
 *
 * @param interpreters of this machine
 * @param compilers their worker processes
 * @param queue what is to be made
 * @param workers how many sources are compiled at a time
 * @param since when it was put together, by the holder of the prefix's lock
 */
public record Warming(
    Interpreters interpreters, Compilers compilers, BuildQueue queue, int workers, Instant since)
    implements AutoCloseable {
  /** How many source hashes are remembered for adoption: some 200 bytes each. */
  private static final int SOURCE_HASHES = 1_000;

  private static final int THREADS_A_WORKER = 2;

  /**
   * {@return the parts; the queue is to be started}
   *
   * @param access who may write to the prefix, too
   * @param workers how many sources are compiled at a time
   * @param patient see {@link BuildQueue}
   */
  public static Warming of(
      Path prefix,
      Access access,
      Interpreters interpreters,
      int workers,
      boolean patient,
      InstantSource clock) {
    Compilers compilers = new Compilers(Limits.of(workers), clock);
    PycWriter writer = new PycWriter(new PycachePrefix(prefix), access);
    Surveyor thorough = new Surveyor(new SourceHashes(SOURCE_HASHES), BodyCheck.ALWAYS, clock);
    Workshop workshop =
        new Workshop(
            new Toolchain(interpreters), compilers, new Adopter(thorough, writer), writer, clock);
    return new Warming(
        interpreters,
        compilers,
        new BuildQueue(workshop, writer, patient),
        workers,
        clock.instant());
  }

  /**
   * Starts to make things. While one source is compiled by a worker, the next one is read and the
   * last one written.
   */
  public void start(BuildQueue.Listener listener) {
    queue.start(THREADS_A_WORKER * workers, listener);
  }

  /** {@return which interpreters make what} */
  Toolchain toolchain() {
    return queue.workshop().toolchain();
  }

  /** Gives up what is being made, and ends the worker processes. */
  @Override
  public void close() {
    queue.close();
    compilers.close();
    interpreters.close();
  }
}
