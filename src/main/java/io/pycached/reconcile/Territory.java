package io.pycached.reconcile;

import io.pycached.layout.Project;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.WarmPolicy;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Voucher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of the prefix that is looked after as one, with the sources it belongs to. The territories
 * of a prefix do not overlap.
 *
 * <p>Paths in a territory are relative to its root; the root is the empty path.
 */
public sealed interface Territory {

  /** {@return what people call it} */
  String name();

  /** {@return the prefix that it is a part of} */
  PycachePrefix prefix();

  /** {@return the pair of the directory at {@code relative}} */
  DirectoryPair pair(Path relative);

  /**
   * {@return whether the directory at {@code relative}, and what is below it, is none of this
   * territory's}
   */
  boolean excludes(Path relative);

  /** {@return whether the directory at {@code relative} is this territory's, with all above it} */
  default boolean covers(Path relative) {
    Path path = relative.getFileSystem().getPath("");
    for (Path name : relative) {
      path = path.resolve(name);
      if (excludes(path)) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@return what is known of the source directory at {@code relative}, found from the root
   * downwards}
   */
  SourceSide source(Path relative);

  /** {@return where its sources begin, as this process sees it; nothing if no place is theirs} */
  Optional<Path> root();

  /** {@return which of its bytecode is made ahead} */
  WarmPolicy warm();

  /** {@return whether the source directories that have no mirror are visited, too} */
  boolean countsSources();

  /**
   * The mirror of a project.
   *
   * @param others the roots, as interpreters see them, of the projects that lie inside this one
   */
  record OfProject(Project project, WarmPolicy warm, PycachePrefix prefix, Set<Path> others)
      implements Territory {
    @Override
    public String name() {
      return project.name();
    }

    @Override
    public DirectoryPair pair(Path relative) {
      Path directory = project.path().resolve(relative);
      return new DirectoryPair(directory, project.visible(relative), prefix.mirrorOf(directory));
    }

    @Override
    public boolean excludes(Path relative) {
      return project.excludes(relative)
          || others.contains(project.path().resolve(relative))
          || PycachePrefix.isOwn(project.path().resolve(relative))
          || prefix.path().equals(project.visible(relative));
    }

    @Override
    public SourceSide source(Path relative) {
      return SourceSide.ofRoot(project.visibleAt()).descend(relative);
    }

    @Override
    public Optional<Path> root() {
      return Optional.of(project.visibleAt());
    }

    @Override
    public boolean countsSources() {
      return true;
    }

    /** By hand: each pair of a survey asks, and a record's own asks all that a project is. */
    @Override
    public int hashCode() {
      return project.path().hashCode();
    }
  }

  /**
   * What belongs to no project.
   *
   * @param claimed the mirrors of all projects
   * @param voucher says whether its sources may count as gone
   */
  record Unclaimed(PycachePrefix prefix, Set<Path> claimed, Voucher voucher) implements Territory {
    @Override
    public WarmPolicy warm() {
      return WarmPolicy.NONE;
    }

    @Override
    public String name() {
      return "unclaimed";
    }

    @Override
    public DirectoryPair pair(Path relative) {
      Path directory = prefix.path().getRoot().resolve(relative);
      return new DirectoryPair(directory, directory, prefix.path().resolve(relative));
    }

    @Override
    public boolean excludes(Path relative) {
      return claimed.contains(prefix.path().resolve(relative)) || PycachePrefix.isOwn(relative);
    }

    @Override
    public SourceSide source(Path relative) {
      return SourceSide.unclaimed(prefix.path().getRoot().resolve(relative), voucher);
    }

    @Override
    public Optional<Path> root() {
      return Optional.empty();
    }

    @Override
    public boolean countsSources() {
      return false;
    }
  }

  /**
   * {@return the territories of {@code prefix}: one for each project, in their order, and last what
   * they leave}
   *
   * @param warm the projects, and which of their bytecode is made ahead
   * @param voucher for what they leave
   */
  static List<Territory> of(PycachePrefix prefix, Map<Project, WarmPolicy> warm, Voucher voucher) {
    Set<Project> projects = warm.keySet();
    List<Territory> territories = new ArrayList<>();
    warm.forEach(
        (project, policy) -> {
          Set<Path> inside = new HashSet<>();
          for (Project other : projects) {
            if (!other.equals(project) && other.path().startsWith(project.path())) {
              inside.add(other.path());
            }
          }
          territories.add(new OfProject(project, policy, prefix, Set.copyOf(inside)));
        });
    Set<Path> claimed = new HashSet<>();
    projects.forEach(project -> claimed.add(prefix.mirrorOf(project.path())));
    territories.add(new Unclaimed(prefix, Set.copyOf(claimed), voucher));
    return List.copyOf(territories);
  }
}
