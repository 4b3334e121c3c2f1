package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Body;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The bytecode in {@code __pycache__}, beside its sources, where interpreters without a prefix keep
 * it (PEP 3147). Safe for use by any thread.
 */
public final class InTreeBytecode {
  /** What the directory is called. */
  static final String NAME = "__pycache__";

  private final Surveyor surveyor;
  private final Bodies bodies;

  InTreeBytecode(Surveyor surveyor, Bodies bodies) {
    this.surveyor = surveyor;
    this.bodies = bodies;
  }

  /**
   * Opens the {@code __pycache__} of {@code directory}.
   *
   * @throws NotDirectoryException if it is a symbolic link, too
   */
  public static Directory open(Path directory) throws IOException {
    return Directory.openFollowing(directory).enter(directory.getFileSystem().getPath(NAME));
  }

  /**
   * {@return whether nobody wrote a bytecode file who could not have changed its source as well}
   * Root may write whatever it likes anyway; anybody else must be the source's owner.
   */
  public static boolean isTrusted(PosixFileAttributes bytecode, PosixFileAttributes source) {
    boolean same =
        bytecode.owner().equals(source.owner()) || bytecode.owner().getName().equals("root");
    return same && !bytecode.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  /**
   * {@return what of it a mirror can have copies of, by name}
   *
   * @param source the pair's source directory
   * @param fresh the names of which the mirror needs none
   */
  List<MirrorFile> adoptable(DirectoryPair pair, SourceSide.Open source, Set<Path> fresh)
      throws IOException {
    List<MirrorFile> adoptable = new ArrayList<>();
    try (Directory pycache = open(source.path())) {
      for (Path name : pycache.names()) {
        if (!fresh.contains(name)
            && MirrorName.parse(RawPath.of(name)) instanceof MirrorName.Bytecode bytecode
            && !bytecode.isRewritten()) {
          Optional<MirrorFile> file = surveyor.surveyFile(pair, source, pycache, name);
          if (file.isPresent()
              && isWhole(pycache, file.get())
              && isTrusted(pycache, source, file.get())) {
            adoptable.add(file.get());
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException none) {
      return List.of();
    }
    return adoptable;
  }

  private boolean isWhole(Directory pycache, MirrorFile file) throws IOException {
    return file.verdict() == Verdict.FRESH
        && file.header().isPresent()
        && bodies.read(pycache, file.name(), file.stamp(), file.header().get().magic())
            instanceof Body.Intact;
  }

  private static boolean isTrusted(Directory pycache, SourceSide.Open source, MirrorFile file)
      throws IOException {
    Path path = source.path().resolve(file.source().orElseThrow().name());
    return isTrusted(
        pycache.attributes(file.name()), Files.readAttributes(path, PosixFileAttributes.class));
  }
}
