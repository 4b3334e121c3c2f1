package io.pycached.cli;

import io.pycached.apply.Access;
import io.pycached.apply.Adopter;
import io.pycached.apply.Outcome;
import io.pycached.apply.PycWriter;
import io.pycached.clean.Adoption;
import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.Build;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Verdict;
import io.pycached.survey.Voucher;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Copies what is valid in {@code __pycache__} directories into a prefix, whose lock is held.
 *
 * <p>What changes in the prefix is told, as its journal is about that. What goes from the trees is
 * not: {@code clean} removes it under no lock, with a prefix or without, and its own report says
 * so.
 */
final class IntoPrefix implements Adoption {
  private static final int SOURCE_HASHES = 1_000;

  private final PycachePrefix prefix;
  private final Surveyor surveyor;
  private final Adopter adopter;
  private final boolean dryRun;
  private final Consumer<Outcome> done;

  /**
   * @param done hears what was done, unless this is a dry run
   */
  IntoPrefix(
      PycachePrefix prefix,
      Access access,
      InstantSource clock,
      boolean dryRun,
      Consumer<Outcome> done) {
    this.prefix = prefix;
    this.surveyor = new Surveyor(new SourceHashes(SOURCE_HASHES), BodyCheck.ALWAYS, clock);
    this.adopter = new Adopter(surveyor, new PycWriter(prefix, access));
    this.dryRun = dryRun;
    this.done = done;
  }

  @Override
  public Answer adopt(
      Directory pycache, Path source, Path name, MirrorName.Bytecode meaning, FileStamp stamp)
      throws IOException {
    if (meaning.isRewritten()) {
      return new Declined("a tool wrote it");
    }
    SourceSide side = new SourceSide.Open(source, FileStamp.following(source), Voucher.PROJECT);
    DirectoryPair pair = new DirectoryPair(source, source, prefix.mirrorOf(source));
    Optional<MirrorFile> file = surveyor.surveyFile(pair, side, pycache, name);
    if (file.isEmpty() || file.get().verdict() != Verdict.FRESH) {
      return new Declined("no interpreter would load it");
    }
    Optional<MirrorFile> there = there(pair, side, name);
    if (there.isPresent() && there.get().verdict() == Verdict.FRESH) {
      return new Declined("the prefix has it");
    }
    if (dryRun) {
      return new Adopted();
    }
    Outcome outcome = adopter.adopt(pair, side, new Build.Adoption(file.get(), "cleaned", there));
    done.accept(outcome);
    if (outcome instanceof Outcome.Failed failed) {
      throw failed.failure();
    }
    return outcome instanceof Outcome.Skipped skipped
        ? new Declined(skipped.reason())
        : new Adopted();
  }

  private Optional<MirrorFile> there(DirectoryPair pair, SourceSide side, Path name)
      throws IOException {
    try (Directory mirror =
        Directory.descend(prefix.path(), prefix.path().relativize(pair.mirror()))) {
      return surveyor.surveyFile(pair, side, mirror, name);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Optional.empty();
    }
  }
}
