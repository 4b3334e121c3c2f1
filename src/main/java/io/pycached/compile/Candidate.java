package io.pycached.compile;

import java.nio.file.Path;

/**
 * An executable that may be an interpreter.
 *
 * @param executable what is to be run, absolute
 * @param real the same without symbolic links
 */
record Candidate(Path executable, Path real) {}
