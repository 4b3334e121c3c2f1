package io.pycached.metrics;

/**
 * What is being compiled.
 *
 * @param waiting files that wait to be made or are being made
 * @param workers worker processes that live
 * @param quarantined sources that ended a worker and are left alone until they change
 */
public record WorkerReading(long waiting, long workers, long quarantined) {}
