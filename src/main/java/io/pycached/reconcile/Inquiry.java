package io.pycached.reconcile;

import io.pycached.fs.Directory;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import io.pycached.policy.Build;
import io.pycached.policy.Deletion;
import io.pycached.policy.DeletionPolicy;
import io.pycached.policy.Plan;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Listing;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Supply;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers what is known of one file, and what would be done about it. Looks afresh; safe for use by
 * any thread.
 */
public final class Inquiry {
  private final PycachePrefix prefix;
  private final Atlas atlas;
  private final Surveyor surveyor;
  private final DeletionPolicy policy;
  private final Optional<Toolchain> toolchain;
  private final InstantSource clock;

  /**
   * @param atlas of the prefix
   * @param surveyor one that checks bodies
   * @param toolchain makes bytecode; nothing if none is made
   */
  public Inquiry(
      PycachePrefix prefix,
      Atlas atlas,
      Surveyor surveyor,
      DeletionPolicy policy,
      Optional<Toolchain> toolchain,
      InstantSource clock) {
    this.prefix = prefix;
    this.atlas = atlas;
    this.surveyor = surveyor;
    this.policy = policy;
    this.toolchain = toolchain;
    this.clock = clock;
  }

  /**
   * What is known of one bytecode file.
   *
   * @param plan for this file alone: a deletion, something to wait for, or nothing
   * @param build what is made in its place, if anything is
   */
  public record Answer(
      Territory territory, DirectoryPair pair, MirrorFile file, Plan plan, Optional<Build> build) {

    /** {@return the deletion that the plan holds, if it does} */
    public Optional<Deletion> deletion() {
      return plan.deletions().stream().findFirst();
    }
  }

  /**
   * {@return what is known of {@code path}, absolute: of that file if it lies in the prefix, else
   * of every bytecode file of the source {@code path}}
   *
   * @throws NoSuchFileException if {@code path} lies in the prefix and is not there
   */
  public List<Answer> about(Path path) throws IOException {
    boolean isBytecode = path.startsWith(prefix.path());
    Path parent = path.getParent();
    if (parent == null || path.equals(prefix.path())) {
      throw new NoSuchFileException(path.toString(), null, "is no file");
    }
    Atlas.Place place = isBytecode ? atlas.ofMirror(parent) : atlas.ofSource(parent);
    Territory territory = place.territory();
    DirectoryPair pair = place.pair();
    List<MirrorFile> found = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    SourceSide source = territory.source(place.relative());
    try (Directory mirror =
        Directory.descend(prefix.path(), prefix.path().relativize(pair.mirror()))) {
      List<Path> names =
          isBytecode ? List.of(path.getFileName()) : madeFrom(mirror, path.getFileName());
      for (Path name : names) {
        surveyor.surveyFile(pair, source, mirror, name).ifPresent(file -> found.add(file));
      }
      for (MirrorFile file : found) {
        Survey alone = survey(pair, file, source);
        Plan plan = policy.plan(alone, clock.instant());
        answers.add(new Answer(territory, pair, file, plan, build(territory, alone, source)));
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      if (isBytecode) {
        throw none;
      }
    }
    if (isBytecode && answers.isEmpty()) {
      throw new NoSuchFileException(path.toString());
    }
    return answers;
  }

  private static List<Path> madeFrom(Directory mirror, Path source) throws IOException {
    String name = RawPath.of(source);
    return mirror.names().stream()
        .filter(
            file ->
                MirrorName.parse(RawPath.of(file)) instanceof MirrorName.Bytecode bytecode
                    && bytecode.sourceNames().contains(name))
        .toList();
  }

  private static Survey survey(DirectoryPair pair, MirrorFile file, SourceSide source) {
    return new Survey(
        pair,
        List.of(file),
        List.of(),
        new Listing(0, true, List.of()),
        OptionalLong.empty(),
        Optional.empty(),
        source instanceof SourceSide.Missing,
        Optional.empty());
  }

  private Optional<Build> build(Territory territory, Survey alone, SourceSide source)
      throws IOException {
    if (toolchain.isEmpty()) {
      return Optional.empty();
    }
    Path name = alone.files().get(0).name();
    Supply supply = surveyor.supply(alone, source, false);
    return territory
        .warm()
        .builds(alone, supply, () -> toolchain.get().targets(territory, alone.pair()))
        .stream()
        .filter(build -> build.name().equals(name))
        .findFirst();
  }
}
