package io.pycached.compile;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A source that ended a worker, and is not compiled again by that kind of interpreter until it
 * changes.
 *
 * @param reason one line
 */
public record QuarantinedSource(
    Path path, Interpreter.Dialect dialect, String reason, Instant since) {}
