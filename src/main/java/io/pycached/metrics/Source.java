package io.pycached.metrics;

/** Where the gauges come from; read once a scrape, by the thread that scrapes. */
@FunctionalInterface
public interface Source {
  /** {@return how the daemon stands now, from sums that are kept: milliseconds at most} */
  Reading read();
}
