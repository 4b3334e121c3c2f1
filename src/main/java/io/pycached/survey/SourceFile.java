package io.pycached.survey;

import io.pycached.fs.FileStamp;
import java.nio.file.Path;

/**
 * The source of a bytecode file.
 *
 * @param path as interpreters see it
 * @param stamp of the file it stands for, symbolic links followed, as {@code os.stat} answers
 */
public record SourceFile(Path path, FileStamp stamp) {}
