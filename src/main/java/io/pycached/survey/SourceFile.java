package io.pycached.survey;

import io.pycached.fs.FileStamp;
import java.nio.file.Path;

/**
 * The source of a bytecode file.
 *
 * @param directory that it is in, as interpreters see it
 * @param name a single component
 * @param stamp of the file it stands for, symbolic links followed, as {@code os.stat} answers
 */
public record SourceFile(Path directory, Path name, FileStamp stamp) {

  /** {@return the path as interpreters see it} */
  public Path path() {
    return directory.resolve(name);
  }
}
