package io.pycached.compile;

import java.time.Duration;

/**
 * The bounds within which {@link Compilers} work.
 *
 * @param workers most workers for one interpreter, but for those that are long at one source
 * @param processes most workers in all
 * @param sourceBytes longest source that is compiled
 * @param codeBytes longest code object that is taken
 * @param memoryBytes address space of a worker ({@code RLIMIT_AS}), where the system can bound it
 * @param start time for a worker to say who it is
 * @param file time for one source; a worker that needs more is ended
 * @param idle time after which a worker without work is ended
 * @param filesPerWorker sources after which a worker is replaced, so that no leak of its grows
 * @param quarantine most sources that are remembered to have ended a worker
 */
public record Limits(
    int workers,
    int processes,
    int sourceBytes,
    int codeBytes,
    long memoryBytes,
    Duration start,
    Duration file,
    Duration idle,
    int filesPerWorker,
    int quarantine) {

  public Limits {
    requirePositive("workers", workers);
    requirePositive("processes", processes);
    requirePositive("sourceBytes", sourceBytes);
    requirePositive("codeBytes", codeBytes);
    requirePositive("memoryBytes", memoryBytes);
    requirePositive("start", start.toMillis());
    requirePositive("file", file.toMillis());
    requirePositive("idle", idle.toMillis());
    requirePositive("filesPerWorker", filesPerWorker);
    requirePositive("quarantine", quarantine);
  }

  /**
   * {@return bounds that suit a machine with {@code workers} cores to spare}: sources of 64 MiB, 2
   * GiB of memory and a minute a file
   */
  public static Limits of(int workers) {
    return new Limits(
        workers,
        2 * workers,
        64 << 20,
        64 << 20,
        2L << 30,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        5_000,
        1_000);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is " + value + ", expected more than 0");
    }
  }
}
