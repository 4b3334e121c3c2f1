package io.pycached.compile;

import java.nio.file.Path;

/**
 * An executable that is not used as an interpreter, and why.
 *
 * @param message one line, which does not repeat the executable
 */
public record Refusal(Path executable, String message) {}
