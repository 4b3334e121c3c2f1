package io.pycached.audit;

import java.nio.file.Path;

/**
 * One thing that is wrong with one file or directory.
 *
 * @param path absolute
 * @param detail the evidence in words
 */
public record Flaw(Path path, FlawKind kind, String detail) {}
