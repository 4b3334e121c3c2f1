package io.pycached.metrics;

/**
 * How one project stands.
 *
 * @param name its name in the configuration; the value of a label
 * @param sources how many source files it has
 * @param visible whether the daemon can see its tree
 * @param watchDegraded whether it is polled although it should be watched
 */
public record ProjectReading(String name, long sources, boolean visible, boolean watchDegraded) {}
