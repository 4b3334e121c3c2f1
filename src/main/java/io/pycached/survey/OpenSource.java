package io.pycached.survey;

import io.pycached.fs.Directory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source directory while it is surveyed, open so that its names can be read. Belongs to one
 * survey.
 *
 * @param directory nothing if it is not there, or cannot be read
 */
record OpenSource(@Nullable Directory directory) implements AutoCloseable {
  static final OpenSource NONE = new OpenSource(null);

  static OpenSource of(SourceSide side) throws IOException {
    if (!(side instanceof SourceSide.Open open)) {
      return NONE;
    }
    try {
      return new OpenSource(Directory.openFollowing(open.path(), open.stamp()));
    } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException unreadable) {
      return NONE;
    }
  }

  /** {@return the names in it; none if it cannot be read, which says nothing of what is in it} */
  Listing list(List<Path> mirrored) throws IOException {
    if (directory == null) {
      return Listing.NONE;
    }
    try {
      return Listing.read(directory, mirrored);
    } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException unreadable) {
      // A network's file systems may refuse only now.
      return Listing.NONE;
    }
  }

  @Override
  public void close() throws IOException {
    if (directory != null) {
      directory.close();
    }
  }
}
