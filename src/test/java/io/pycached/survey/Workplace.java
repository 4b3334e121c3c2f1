package io.pycached.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.Directory;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.pyc.SourceHash;
import io.pycached.pyc.SourceMtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A project and a prefix in one directory, with the sources and the bytecode that a test puts
 * there.
 */
record Workplace(Path top) {
  static final Magic PYTHON_312 = Magics.find(3531).orElseThrow();

  /** Stands for a body where nobody looks at it. */
  private static final byte[] SOME_BODY = {'c', 1, 2, 3};

  static Workplace in(Path top) throws IOException {
    Workplace workplace = new Workplace(top.toRealPath());
    Files.createDirectories(workplace.project());
    Files.createDirectories(workplace.mirror());
    return workplace;
  }

  Path project() {
    return top.resolve("project");
  }

  Path prefix() {
    return top.resolve("prefix");
  }

  Path mirror() {
    return prefix().resolve(top.getRoot().relativize(project()).toString());
  }

  DirectoryPair pair(String below) {
    return below.isEmpty()
        ? new DirectoryPair(project(), project(), mirror())
        : new DirectoryPair(
            project().resolve(below), project().resolve(below), mirror().resolve(below));
  }

  /** {@return a new source in the project} */
  Path source(String name, String text) throws IOException {
    Path source = project().resolve(name);
    Files.createDirectories(source.getParent());
    return Files.writeString(source, text);
  }

  /** {@return a file of the mirror with these bytes} */
  Path bytecode(String name, byte[] bytes) throws IOException {
    Path file = mirror().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** {@return what 3.12 would write for a source and a time} */
  static byte[] timestamped(Path source) throws IOException {
    return timestamped(
        SourceMtime.mtime32(Files.getLastModifiedTime(source)), (int) Files.size(source));
  }

  static byte[] timestamped(int mtime, int size) {
    return file(new Invalidation.Timestamp(mtime, size), SOME_BODY);
  }

  static byte[] hashed(Path source, boolean check) throws IOException {
    long hash = SourceHash.of(PYTHON_312, Files.readAllBytes(source));
    return file(new Invalidation.Hash(hash, check), SOME_BODY);
  }

  static byte[] file(Invalidation invalidation, byte[] body) {
    byte[] header = PycHeader.of(PYTHON_312, invalidation).encode();
    byte[] file = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, file, header.length, body.length);
    return file;
  }

  /** {@return the survey of the pair at {@code below}, reached as a walk reaches it} */
  Survey survey(String below, boolean checkBodies) throws IOException {
    SourceSide side = SourceSide.ofRoot(project()).descend(top.getFileSystem().getPath(below));
    return survey(pair(below), side, checkBodies);
  }

  static Survey survey(DirectoryPair pair, SourceSide side, boolean checkBodies)
      throws IOException {
    Surveyor surveyor =
        new Surveyor(
            new SourceHashes(1_000),
            checkBodies ? BodyCheck.ALWAYS : BodyCheck.NEVER,
            InstantSource.system());
    try (Directory mirror = Directory.openFollowing(pair.mirror())) {
      return surveyor.survey(pair, side, Optional.of(mirror), Optional.empty());
    } catch (NoSuchFileException none) {
      return surveyor.survey(pair, side, Optional.empty(), Optional.empty());
    }
  }

  /** {@return the one file of the mirror at the project's root} */
  MirrorFile onlyFile() {
    return onlyFile("");
  }

  /** {@return the one file of the mirror at {@code below}} */
  MirrorFile onlyFile(String below) {
    try {
      List<MirrorFile> files = survey(below, true).files();
      assertThat(files).hasSize(1);
      return files.get(0);
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }
}
