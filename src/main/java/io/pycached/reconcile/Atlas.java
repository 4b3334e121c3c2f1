package io.pycached.reconcile;

import io.pycached.survey.DirectoryPair;
import java.nio.file.Path;
import java.util.List;

/**
 * Which territory a directory belongs to.
 *
 * @param territories all of a prefix, the unclaimed one last
 */
public record Atlas(List<Territory> territories) {

  /**
   * A directory, by its territory.
   *
   * @param relative below the territory's root
   */
  public record Place(Territory territory, Path relative) {
    /** {@return the directory with its counterpart} */
    public DirectoryPair pair() {
      return territory.pair(relative);
    }
  }

  /**
   * {@return the place of the source directory {@code directory}, absolute, as interpreters see it}
   */
  public Place ofSource(Path directory) {
    return find(directory, false);
  }

  /** {@return the place of {@code mirror}, a directory in the prefix} */
  public Place ofMirror(Path mirror) {
    return find(mirror, true);
  }

  private Place find(Path directory, boolean inMirror) {
    Territory best = territories.get(territories.size() - 1);
    for (Territory territory : territories) {
      Path base = base(territory, inMirror);
      if (directory.startsWith(base)
          && territory.covers(base.relativize(directory))
          && base.getNameCount() >= base(best, inMirror).getNameCount()) {
        best = territory;
      }
    }
    return new Place(best, base(best, inMirror).relativize(directory));
  }

  private static Path base(Territory territory, boolean inMirror) {
    DirectoryPair root = territory.pair(territory.prefix().path().getFileSystem().getPath(""));
    return inMirror ? root.mirror() : root.directory();
  }
}
