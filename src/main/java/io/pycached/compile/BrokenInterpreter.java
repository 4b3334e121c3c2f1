package io.pycached.compile;

import java.nio.file.Path;
import java.time.Instant;

/**
 * An interpreter that is left alone for a while, because no worker starts in it.
 *
 * @param reason one line, which names the executable
 */
public record BrokenInterpreter(Path executable, String reason, Instant since) {}
