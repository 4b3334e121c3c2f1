package io.pycached.watch;

import io.pycached.layout.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The watches of all projects: one watcher a project, so that an overflow or a failure in one tree
 * costs nothing in another.
 *
 * <p>Safe for use by any thread but those that call the listener, which must not {@link #update} or
 * {@link #close}.
 */
public final class ProjectWatches implements AutoCloseable {
  private final Path prefix;
  private final WatchListener listener;
  private final WatchSettings settings;
  private final Map<WatchedTree, ProjectWatch> watches = new LinkedHashMap<>();
  private boolean closed;

  private ProjectWatches(Path prefix, WatchListener listener, WatchSettings settings) {
    this.prefix = prefix;
    this.listener = listener;
    this.settings = settings;
  }

  /**
   * {@return watches that are being put in place; {@link #armed} tells when they are}
   *
   * @param projects what to watch; no two with the same visible root. A project inside another has
   *     its own watch, and the outer one leaves it out.
   * @param prefix the pycache prefix, which is not watched where it lies inside a project; a
   *     project whose visible root it is, is watched for bytecode
   */
  public static ProjectWatches start(
      Collection<Project> projects, Path prefix, WatchListener listener, WatchSettings settings) {
    ProjectWatches started = new ProjectWatches(prefix, listener, settings);
    started.update(projects);
    return started;
  }

  /**
   * Watches these projects from now on: closes the watches of projects that are gone or changed,
   * and starts those of new or changed ones. The others are left alone, unless a project appeared
   * in them or went.
   */
  public synchronized void update(Collection<Project> projects) {
    if (closed) {
      throw new IllegalStateException("the watches are closed");
    }
    List<WatchedTree> wanted = WatchedTree.of(projects, prefix);
    List<WatchedTree> unwanted = new ArrayList<>(watches.keySet());
    unwanted.removeAll(wanted);
    closeAll(unwanted.stream().map(watches::remove).toList());
    for (WatchedTree tree : wanted) {
      watches.computeIfAbsent(tree, added -> ProjectWatch.start(added, listener, settings));
    }
  }

  /**
   * {@return a future that completes when each of the present projects is watched, polled, or known
   * to have no root}
   */
  public synchronized CompletableFuture<Void> armed() {
    return CompletableFuture.allOf(
        watches.values().stream().map(ProjectWatch::armed).toArray(CompletableFuture<?>[]::new));
  }

  /** {@return how each project's watch is doing, in the order of the projects} */
  public synchronized List<WatchStatus> status() {
    return watches.values().stream().map(ProjectWatch::status).toList();
  }

  /** {@return the sums over all projects} */
  public WatchTotals totals() {
    List<WatchStatus> all = status();
    return new WatchTotals(
        all.stream().mapToLong(WatchStatus::directories).sum(),
        all.stream().mapToLong(WatchStatus::overflows).sum(),
        new InotifyLimits(settings.proc()).watches());
  }

  /** Ends all watches: no thread, descriptor or watch is left. Does nothing the second time. */
  @Override
  public synchronized void close() {
    closed = true;
    closeAll(List.copyOf(watches.values()));
    watches.clear();
  }

  private static void closeAll(Collection<ProjectWatch> ending) {
    ending.forEach(ProjectWatch::stop);
    ending.forEach(ProjectWatch::close);
  }
}
