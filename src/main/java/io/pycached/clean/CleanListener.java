package io.pycached.clean;

import java.io.IOException;
import java.nio.file.Path;

/** Hears what a cleaner does, from the thread that cleans. */
public interface CleanListener {

  /** A {@code __pycache__} directory was dealt with. */
  void cleaned(Cleaned directory);

  /** A directory of the tree could not be looked at; nothing in it was touched. */
  void failed(Path directory, IOException cause);
}
