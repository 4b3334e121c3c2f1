package io.pycached.measure;

import java.time.Duration;

/**
 * One run of the command.
 *
 * @param status its exit status; 128 and the signal's number if a signal ended it
 * @param took from start to end
 */
public record Run(ImportTimes times, int status, Duration took) {}
