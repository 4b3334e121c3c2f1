package io.pycached.apply;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.policy.Build;
import io.pycached.pyc.Body;
import io.pycached.pyc.Magic;
import io.pycached.pyc.MarshalCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.InTreeBytecode;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/**
 * Copies bytecode from the sources' own {@code __pycache__} directories into their mirrors. Safe
 * for use by any thread.
 *
 * <p>What is copied is judged once more: it is what an interpreter without a prefix would load at
 * this moment, its body is whole, and it belongs to somebody who could have changed the source as
 * well, so that nobody's code runs that did not before.
 */
public final class Adopter {
  /** The longest file that is adopted; a longer one is compiled. */
  static final int MAX_BYTES = 16 << 20;

  private final Surveyor surveyor;
  private final PycWriter writer;

  /**
   * @param surveyor judges each file again
   */
  public Adopter(Surveyor surveyor, PycWriter writer) {
    this.surveyor = surveyor;
    this.writer = writer;
  }

  /**
   * {@return what became of copying one file}
   *
   * @param source the pair's source directory, found anew
   */
  public Outcome adopt(DirectoryPair pair, SourceSide source, Build.Adoption adoption) {
    Path name = adoption.name();
    Path path = pair.mirror().resolve(name);
    try (Directory inTree = InTreeBytecode.open(pair.visible())) {
      Optional<MirrorFile> now = surveyor.surveyFile(pair, source, inTree, name);
      if (now.isEmpty()) {
        return new Outcome.Skipped(path, "vanished");
      }
      MirrorFile file = now.get();
      if (file.verdict() != Verdict.FRESH
          || file.isOlderThanItsSource()
          || !file.stamp().equals(adoption.file().stamp())) {
        return new Outcome.Skipped(path, "changed");
      }
      Path seen = pair.visible().resolve(file.source().orElseThrow().path().getFileName());
      PosixFileAttributes origin = Files.readAttributes(seen, PosixFileAttributes.class);
      if (!InTreeBytecode.isTrusted(inTree.attributes(name), origin)) {
        return new Outcome.Skipped(path, "written by somebody else than the source");
      }
      byte[] bytes = inTree.readWhole(name, file.stamp(), MAX_BYTES);
      if (!isWhole(file, bytes)) {
        return new Outcome.Skipped(path, "damaged");
      }
      writer.write(pair.mirror(), name, origin, bytes);
      if (!FileStamp.following(seen).equals(file.source().orElseThrow().stamp())) {
        // Nobody could tell any more that the copy, now the younger, is of the text before.
        writer.delete(pair.mirror(), name);
        return new Outcome.Skipped(path, "source changed");
      }
      return new Outcome.Adopted(path, adoption.reason(), bytes.length, adoption.evidence());
    } catch (PrivateSourceException unservable) {
      return new Outcome.Skipped(path, PrivateSourceException.REASON);
    } catch (NoSuchFileException vanished) {
      return new Outcome.Skipped(path, "vanished");
    } catch (IOException failed) {
      return new Outcome.Failed(path, failed);
    }
  }

  private static boolean isWhole(MirrorFile file, byte[] bytes) {
    Magic magic = file.header().orElseThrow().magic();
    ByteBuffer all = ByteBuffer.wrap(bytes);
    return MarshalCheck.check(all.position(magic.headerBytes()), magic) instanceof Body.Intact;
  }
}
