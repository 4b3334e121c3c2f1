package io.pycached.apply;

import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The way back to the mirror that a survey is of. */
final class SurveyedMirror {
  private SurveyedMirror() {}

  /**
   * Opens the mirror from the prefix downwards, no link followed, and makes sure that it is the one
   * that was surveyed.
   */
  static Directory open(PycachePrefix prefix, Survey survey) throws IOException {
    Path path = survey.pair().mirror();
    Directory mirror = Directory.descend(prefix.path(), prefix.path().relativize(path));
    try {
      if (!mirror.restamp().key().equals(survey.mirror().orElseThrow().key())) {
        throw new FileSystemException(
            path.toString(), null, "another directory has taken its place");
      }
      return mirror;
    } catch (IOException | RuntimeException failed) {
      mirror.close();
      throw failed;
    }
  }
}
