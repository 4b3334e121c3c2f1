package io.pycached.metrics;

import java.util.OptionalLong;

/**
 * How the watches of all projects stand.
 *
 * @param directories how many directories are watched
 * @param limit how many the user may watch; empty where the kernel does not say
 * @param overflows how often events were lost; falls when a project goes, and then only what is
 *     added later is counted
 */
public record WatchReading(long directories, OptionalLong limit, long overflows) {}
