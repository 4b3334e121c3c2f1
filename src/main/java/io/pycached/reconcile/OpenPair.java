package io.pycached.reconcile;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.SourceSide;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory pair on the way of a walk. Its mirror is opened when somebody asks for it: most pairs
 * are recognised as unchanged without. Not for use by several threads at once.
 */
final class OpenPair implements AutoCloseable {
  private final Territory territory;
  private final Path path;
  private final DirectoryPair pair;
  private final SourceSide source;
  private @Nullable OpenPair parent;

  /** Whether it is known what the mirror is. */
  private boolean opened;

  private @Nullable Directory mirror;

  private OpenPair(
      Territory territory,
      Path path,
      DirectoryPair pair,
      SourceSide source,
      @Nullable OpenPair parent) {
    this.territory = territory;
    this.path = path;
    this.pair = pair;
    this.source = source;
    this.parent = parent;
  }

  /** The pair at {@code path}, looked up from both roots downwards. */
  static OpenPair at(Territory territory, Path path) {
    return new OpenPair(territory, path, territory.pair(path), territory.source(path), null);
  }

  /**
   * {@return the pair called {@code name} in this one} It is opened relative to this one's mirror,
   * if that is open then.
   *
   * @param mirrored whether there may be a mirror
   */
  OpenPair child(Path name, boolean mirrored) {
    OpenPair child =
        new OpenPair(territory, path.resolve(name), pair.child(name), source.child(name), this);
    child.opened = !mirrored;
    return child;
  }

  /** Makes it independent of the pair that it is a child of, for another thread. */
  OpenPair detached() throws IOException {
    if (parent != null && parent.opened) {
      mirror();
    }
    parent = null;
    return this;
  }

  /** {@return where it is in its territory} */
  Path path() {
    return path;
  }

  DirectoryPair pair() {
    return pair;
  }

  SourceSide source() {
    return source;
  }

  /** {@return the mirror, open; nothing if there is none} */
  Optional<Directory> mirror() throws IOException {
    if (!opened) {
      mirror = parent != null && parent.opened ? below(parent.mirror) : fromTheRoot();
      opened = true;
    }
    return Optional.ofNullable(mirror);
  }

  private @Nullable Directory below(@Nullable Directory above) throws IOException {
    if (above == null) {
      return null;
    }
    Path name = path.getFileName();
    try {
      FileStamp stamp = above.stamp(name);
      return stamp.isDirectory() ? above.open(name, stamp) : null;
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  private @Nullable Directory fromTheRoot() throws IOException {
    Path prefix = territory.prefix().path();
    try {
      return Directory.descend(prefix, prefix.relativize(pair.mirror()));
    } catch (NoSuchFileException | NotDirectoryException none) {
      return null;
    }
  }

  /**
   * {@return the stamp of the mirror, by its path; nothing if there is none} That is good enough to
   * recognise it: another directory in its place has another inode.
   */
  Optional<FileStamp> mirrorStamp() throws IOException {
    if (opened) {
      return Optional.ofNullable(mirror).map(Directory::stamp);
    }
    try {
      return Optional.of(FileStamp.of(pair.mirror()));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    if (mirror != null) {
      mirror.close();
    }
  }
}
