package io.pycached.survey;

import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * A bytecode file that is about to be read, which moves its access time.
 *
 * @param identity see {@link KnownFiles}
 * @param accessed its access time before that
 */
record Reading(KnownFiles files, long identity, FileTime accessed, Instant now) {

  /** To be called before the file is opened. */
  void note() {
    files.reading(identity, accessed, now);
  }
}
