package io.pycached.survey;

import io.pycached.fs.FileStamp;
import java.nio.file.Path;

/** What became of looking for the source of a bytecode file. */
sealed interface SourceLookup {

  /**
   * A regular file is there.
   *
   * @param raw its name, a character per byte
   */
  record Found(Path name, String raw, FileStamp stamp) implements SourceLookup {}

  /** Provably none of the names that map to the bytecode file is there. */
  record Absent() implements SourceLookup {}

  /** Nobody can say. */
  record Unknown(Verdict verdict, String why) implements SourceLookup {}
}
