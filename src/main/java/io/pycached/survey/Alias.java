package io.pycached.survey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Body;
import io.pycached.pyc.MalformedPycException;
import io.pycached.pyc.PycHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The source of a bytecode file that seems to have none, by what the bytecode itself says.
 *
 * <p>importlib maps strings: {@code /a/link/../b/m.py} is cached below {@code PREFIX/a/b}, where
 * there may be no directory {@code /a/b} at all, and {@code foo.txt} is cached under the name of
 * {@code foo.py}. The code object keeps the path it was compiled from ({@code co_filename}). If
 * that path maps to this very file and may still be there, the bytecode is no orphan.
 */
final class Alias {
  private final DirectoryPair pair;
  private final Directory mirror;
  private final Bodies bodies;

  Alias(DirectoryPair pair, Directory mirror, Bodies bodies) {
    this.pair = pair;
    this.mirror = mirror;
    this.bodies = bodies;
  }

  /** {@return {@code Absent} if nothing speaks for the file} */
  SourceLookup find(Path name, MirrorName.Bytecode meaning, FileStamp stamp) throws IOException {
    String filename = filename(name, stamp);
    int slash = filename.lastIndexOf('/');
    if (!filename.startsWith("/") || !mapsTo(meaning, filename.substring(slash + 1))) {
      return new SourceLookup.Absent();
    }
    Path source;
    try {
      source = RawPath.toPath(name.getFileSystem(), filename);
    } catch (InvalidPathException impossible) {
      return new SourceLookup.Absent();
    }
    Path directory = source.normalize().getParent();
    boolean plain = meaning.sourceNames().contains(filename.substring(slash + 1));
    if (!pair.directory().equals(directory) || (plain && source.equals(source.normalize()))) {
      return new SourceLookup.Absent();
    }
    String shown = RawPath.display(filename);
    boolean here = pair.directory().equals(source.getParent());
    if (!here && !pair.directory().equals(pair.visible())) {
      return unknown(shown, "which cannot be seen from here");
    }
    try {
      return isProvablyGone(here ? pair.visible().resolve(source.getFileName()) : source)
          ? new SourceLookup.Absent()
          : unknown(shown, "another way to a source that may be there");
    } catch (IOException unreadable) {
      return unknown(shown, "which cannot be looked at");
    }
  }

  private static SourceLookup unknown(String filename, String what) {
    return new SourceLookup.Unknown(
        Verdict.SOURCE_UNREADABLE, "it was compiled from " + filename + ", " + what);
  }

  /**
   * Whether the first component that is missing is no symbolic link: the target of one may be on a
   * disk that is not mounted.
   */
  private static boolean isProvablyGone(Path source) throws IOException {
    Path at = source.getRoot();
    for (Path name : source) {
      at = at.resolve(name);
      if (!isThere(at)) {
        return !isThere(at, NOFOLLOW_LINKS);
      }
    }
    return false;
  }

  private static boolean isThere(Path path, LinkOption... links) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, links);
      return true;
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /** Whether {@code cache_from_source} gives a source called {@code tail} this module part. */
  private static boolean mapsTo(MirrorName.Bytecode meaning, String tail) {
    int dot = tail.lastIndexOf('.');
    if (meaning.extensionless()) {
      return tail.equals(meaning.module());
    }
    return dot >= 0
        && (dot == 0 ? tail.substring(1) : tail.substring(0, dot)).equals(meaning.module());
  }

  /** The raw {@code co_filename}; empty if the body does not tell. */
  private String filename(Path name, FileStamp stamp) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(PycHeader.MAX_BYTES);
    mirror.read(name, head);
    try {
      PycHeader header = PycHeader.parse(head.flip());
      return bodies.read(mirror, name, stamp, header.magic()) instanceof Body.Intact intact
          ? new String(intact.code().filename().bytes(), ISO_8859_1)
          : "";
    } catch (MalformedPycException malformed) {
      return "";
    }
  }
}
