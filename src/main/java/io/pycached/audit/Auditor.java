package io.pycached.audit;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Finds the flaws of mirrors and of what is in them. Safe for use by any thread.
 *
 * <p>Only what an interpreter would load or follow is looked at: files with a name of bytecode, and
 * symbolic links. A directory may have its set-group-ID bit: it says whose the files in it are.
 */
public final class Auditor {
  /** Flaws of one mirror that are told; the others are found once these are mended. */
  static final int MAX_FLAWS = 1_000;

  private final Trusted trusted;

  public Auditor(Trusted trusted) {
    this.trusted = trusted;
  }

  /**
   * {@return what is wrong with {@code mirror} and with {@code files}, the directory's flaws first}
   *
   * @param mirror open
   * @param files of the mirror, as they were surveyed
   */
  public List<Flaw> audit(Directory mirror, DirectoryPair pair, List<MirrorFile> files)
      throws IOException {
    List<Flaw> flaws = new ArrayList<>(directory(mirror, pair));
    Map<Object, Integer> names = names(files);
    for (MirrorFile file : files) {
      if (flaws.size() >= MAX_FLAWS) {
        break;
      }
      flaws.addAll(file(pair, file, names.getOrDefault(file.stamp().key(), 1)));
    }
    return flaws;
  }

  /**
   * {@return what is wrong with one file, looked at once more}
   *
   * @param files of its mirror, which may have several names for one file
   */
  public List<Flaw> auditFile(DirectoryPair pair, MirrorFile file, List<MirrorFile> files)
      throws IOException {
    return file(pair, file, names(files).getOrDefault(file.stamp().key(), 1));
  }

  private static Map<Object, Integer> names(List<MirrorFile> files) {
    Map<Object, Integer> names = new HashMap<>();
    for (MirrorFile file : files) {
      names.merge(file.stamp().key(), 1, Integer::sum);
    }
    return names;
  }

  private List<Flaw> directory(Directory mirror, DirectoryPair pair) throws IOException {
    Path path = mirror.path();
    Inode inode;
    try {
      inode = Inode.of(path);
    } catch (NoSuchFileException vanished) {
      return List.of();
    }
    if (!inode.key().equals(mirror.restamp().key())) {
      // The prefix itself may be reached by a symbolic link; elsewhere somebody is at work.
      inode = Inode.following(path);
      if (!inode.key().equals(mirror.restamp().key())) {
        return List.of();
      }
    }
    List<Flaw> flaws = new ArrayList<>();
    owner(path, inode, uid -> isOwner(uid, pair.visible()), flaws);
    writers(path, inode, flaws);
    return flaws;
  }

  private List<Flaw> file(DirectoryPair pair, MirrorFile file, int namesHere) throws IOException {
    Path path = pair.mirror().resolve(file.name());
    if (file.stamp().kind() == FileStamp.Kind.SYMLINK) {
      return List.of(new Flaw(path, FlawKind.SYMLINK, "a symbolic link" + target(path)));
    }
    if (!file.stamp().isRegular()
        || !(MirrorName.parse(RawPath.of(file.name())) instanceof MirrorName.Bytecode)) {
      return List.of();
    }
    Inode inode;
    try {
      inode = Inode.of(path);
    } catch (NoSuchFileException vanished) {
      return List.of();
    }
    if (!inode.key().equals(file.stamp().key())) {
      return List.of();
    }
    List<Flaw> flaws = new ArrayList<>();
    owner(path, inode, uid -> isSourceOwner(uid, pair, file), flaws);
    writers(path, inode, flaws);
    if (inode.isSetId()) {
      flaws.add(new Flaw(path, FlawKind.SET_ID, "mode " + inode.octal()));
    }
    if (inode.links() > namesHere) {
      flaws.add(
          new Flaw(
              path,
              FlawKind.HARD_LINK,
              "%d names, of which %d in this directory".formatted(inode.links(), namesHere)));
    }
    return flaws;
  }

  private void owner(Path path, Inode inode, IntPredicate ownsSource, List<Flaw> flaws) {
    if (!trusted.isTrustedUser(inode.uid()) && !ownsSource.test(inode.uid())) {
      flaws.add(new Flaw(path, FlawKind.UNTRUSTED_OWNER, "owned by user " + shown(inode.uid())));
    }
  }

  private void writers(Path path, Inode inode, List<Flaw> flaws) {
    if (inode.isWorldWritable()) {
      flaws.add(new Flaw(path, FlawKind.WORLD_WRITABLE, "mode " + inode.octal()));
    } else if (inode.isGroupWritable() && !trusted.isTrustedGroup(inode.gid(), inode.uid())) {
      flaws.add(
          new Flaw(
              path,
              FlawKind.GROUP_WRITABLE,
              "mode " + inode.octal() + ", group " + shown(inode.gid())));
    }
  }

  private static boolean isSourceOwner(int uid, DirectoryPair pair, MirrorFile file) {
    return file.source().isPresent()
        && isOwner(uid, pair.visible().resolve(file.source().get().name()));
  }

  /** Whose a source is that cannot be looked at, nobody can say. */
  private static boolean isOwner(int uid, Path source) {
    try {
      return Inode.following(source).uid() == uid;
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return " to " + RawPath.display(RawPath.of(Files.readSymbolicLink(link)));
    } catch (IOException vanished) {
      return "";
    }
  }

  /** The kernel's numbers have no sign. */
  private static String shown(int id) {
    return Integer.toUnsignedString(id);
  }
}
