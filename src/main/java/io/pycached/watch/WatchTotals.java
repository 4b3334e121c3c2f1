package io.pycached.watch;

import java.util.OptionalLong;

/**
 * The sums over all projects, and what the machine allows.
 *
 * @param directories how many directories are registered
 * @param overflows how often events were lost, of projects watched now
 * @param limit how many inotify watches the user may hold; empty where the kernel does not say
 */
public record WatchTotals(long directories, long overflows, OptionalLong limit) {}
