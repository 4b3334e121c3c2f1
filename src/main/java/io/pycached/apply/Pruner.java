package io.pycached.apply;

import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.Deletion;
import io.pycached.policy.Plan;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Surveyor;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries out the deletions of plans. Safe for use by any thread; one process at a time, by the
 * prefix's lock.
 */
public final class Pruner {
  private final PycachePrefix prefix;
  private final Surveyor surveyor;

  /**
   * @param surveyor judges each file again
   */
  public Pruner(PycachePrefix prefix, Surveyor surveyor) {
    this.prefix = prefix;
    this.surveyor = surveyor;
  }

  /** {@return one that judges each file again by {@code other}} */
  public Pruner judging(Surveyor other) {
    return new Pruner(prefix, other);
  }

  /**
   * Deletes what {@code plan} says, file by file.
   *
   * @param source opens the pair's source directory anew
   * @return what became of each deletion, in the plan's order
   */
  public List<Outcome> prune(Plan plan, Supplier<SourceSide> source) {
    DirectoryPair pair = plan.survey().pair();
    List<Outcome> outcomes = new ArrayList<>(plan.deletions().size());
    try (Directory mirror = SurveyedMirror.open(prefix, plan.survey())) {
      SourceSide side = source.get();
      for (Deletion deletion : plan.deletions()) {
        outcomes.add(delete(deletion, pair, mirror, side));
      }
    } catch (NoSuchFileException vanished) {
      outcomes.add(new Outcome.Skipped(pair.mirror(), "vanished"));
    } catch (IOException failed) {
      outcomes.add(new Outcome.Failed(pair.mirror(), failed));
    }
    return outcomes;
  }

  private Outcome delete(Deletion deletion, DirectoryPair pair, Directory mirror, SourceSide side) {
    MirrorFile surveyed = deletion.file();
    Path path = pair.mirror().resolve(surveyed.name());
    try {
      Optional<MirrorFile> now = surveyor.surveyFile(pair, side, mirror, surveyed.name());
      if (now.isEmpty()) {
        return new Outcome.Skipped(path, "vanished");
      }
      if (!now.get().stamp().equals(surveyed.stamp())) {
        return new Outcome.Skipped(path, "changed");
      }
      if (now.get().verdict() != surveyed.verdict()) {
        return new Outcome.Skipped(path, "now " + now.get().verdict().state().label());
      }
      if (!deletion.isForItsState() && now.get().used().isAfter(surveyed.used())) {
        return new Outcome.Skipped(path, "used");
      }
      mirror.delete(surveyed.name());
      return new Outcome.Deleted(path, deletion.reason(), surveyed.bytes(), deletion.evidence());
    } catch (NoSuchFileException vanished) {
      return new Outcome.Skipped(path, "vanished");
    } catch (IOException failed) {
      return new Outcome.Failed(path, failed);
    }
  }

  /**
   * Removes the mirror directory {@code path} if it is empty.
   *
   * @return nothing if it is in use again
   */
  public Optional<Outcome> removeDirectory(Path path) {
    Path relative = prefix.path().relativize(path);
    Path parent = relative.getParent();
    try (Directory directory =
        Directory.descend(
            prefix.path(), parent == null ? relative.getFileSystem().getPath("") : parent)) {
      directory.deleteDirectory(relative.getFileName());
      return Optional.of(new Outcome.Removed(path));
    } catch (DirectoryNotEmptyException | NoSuchFileException inUseOrGone) {
      return Optional.empty();
    } catch (IOException failed) {
      return Optional.of(new Outcome.Failed(path, failed));
    }
  }
}
