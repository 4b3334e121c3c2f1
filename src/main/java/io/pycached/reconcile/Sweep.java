package io.pycached.reconcile;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.RawPath;
import io.pycached.policy.Plan;
import io.pycached.survey.Listing;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a territory, or a part of it: every directory pair is reconciled, and the catalog
 * brought up to date.
 *
 * <p>The tree that is walked is the union of the sources' and the mirror's. A thread walks depth
 * first with the directories above it held open, so that each child is opened relative to its
 * parent; when other threads have nothing to do it hands them subtrees, which they open from the
 * root down. The same way it gets rid of what lies deeper than it may hold descriptors.
 *
 * <p>Empty mirrors are removed at the end, deepest first.
 */
public final class Sweep {
  /**
   * How deep a thread holds directories open; two descriptors a side and level, well below the
   * usual limit of 1,024.
   */
  private static final int MAX_HELD = 32;

  /** How far a sweep reaches below the directories it was asked to visit. */
  public enum Reach {
    /** To the directory itself, and to subdirectories that have come or gone. */
    DIRECTORY,
    /** To everything below, except that what a fingerprint vouches for is not read again. */
    TREE,
    /** To everything below, read in full. */
    FULL
  }

  private final Territory territory;
  private final Catalog catalog;
  private final PairReconciler reconciler;
  private final Mode mode;
  private final Optional<Restraint> restraint;
  private final ReconcileListener listener;
  private final EmptyMirrors emptied;

  /** Whether what is seen for the first time has come just now. Set before the threads fork. */
  private boolean newcomersAreNews;

  /**
   * @param restraint keeps orphans; nothing if all may go
   */
  Sweep(
      Territory territory,
      Catalog catalog,
      PairReconciler reconciler,
      Mode mode,
      Optional<Restraint> restraint,
      ReconcileListener listener) {
    this.territory = territory;
    this.catalog = catalog;
    this.reconciler = reconciler;
    this.mode = mode;
    this.restraint = restraint;
    this.listener = listener;
    this.emptied = new EmptyMirrors(territory, catalog, reconciler.pruner(), mode, listener);
  }

  /**
   * Visits the directory at {@code relative} and what {@code reach} says, and returns when all is
   * done. When the pool is shut down, it returns as soon as each thread is done with its directory.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool was shut down before
   */
  void run(ForkJoinPool pool, Path relative, Reach reach) {
    Path start = relative;
    Reach how = reach;
    // A directory that was never seen, or is no more, is its parent's news.
    while (catalog.find(start) == null) {
      Path parent = start.getParent();
      start = parent == null ? start.getFileSystem().getPath("") : parent;
      how = Reach.DIRECTORY;
    }
    if (!territory.covers(start)) {
      return;
    }
    newcomersAreNews = how == Reach.DIRECTORY;
    Node node = catalog.find(start);
    if (node != null) {
      pool.invoke(new Visit(null, node, start, how, null));
    }
    if (!pool.isShutdown()) {
      emptied.remove();
    }
  }

  private static Optional<Unseen> unseen(SourceSide root) {
    if (root instanceof SourceSide.Vanished gone) {
      return Optional.of(new Unseen(true, gone.why()));
    }
    return root instanceof SourceSide.Unreadable closed
        ? Optional.of(new Unseen(false, closed.why()))
        : Optional.empty();
  }

  private Plan restrained(Plan plan) {
    return restraint.isPresent() && !plan.deletions().isEmpty()
        ? restraint.get().restrain(plan, catalog.totals(), reconciler.mostAtOnce())
        : plan;
  }

  /** The walk of a subtree by one thread. */
  private final class Visit extends CountedCompleter<Void> {
    private static final long serialVersionUID = 1L;

    private final transient Node node;
    private final transient Path path;
    private final Reach reach;
    private final transient @Nullable Opened opened;

    /**
     * @param opened the pair at {@code path}, which the visit closes; nothing if it has to be
     *     opened from the root down
     */
    Visit(
        @Nullable CountedCompleter<?> parent,
        Node node,
        Path path,
        Reach reach,
        @Nullable Opened opened) {
      super(parent);
      this.node = node;
      this.path = path;
      this.reach = reach;
      this.opened = opened;
    }

    @Override
    public void compute() {
      try (Opened own = opened == null ? Opened.at(territory, path) : opened) {
        if (path.toString().isEmpty() || own.source() instanceof SourceSide.Vanished) {
          catalog.vanished(unseen(own.source()));
        }
        walk(node, path, own.source(), own.mirror(), reach, 0);
      } catch (IOException failed) {
        listener.failed(territory, territory.pair(path), failed);
      } catch (RuntimeException unforeseen) {
        listener.failed(territory, territory.pair(path), new IOException(unforeseen));
      }
      tryComplete();
    }

    private void walk(
        Node node, Path path, SourceSide source, Optional<Directory> mirror, Reach how, int held) {
      List<Node> children;
      try {
        children = visit(node, path, source, mirror, how);
      } catch (IOException failed) {
        listener.failed(territory, territory.pair(path), failed);
        node.fingerprinted = false;
        return;
      } catch (RuntimeException unforeseen) {
        // One directory that trips us up must not keep the others from being looked after.
        listener.failed(territory, territory.pair(path), new IOException(unforeseen));
        node.fingerprinted = false;
        return;
      }
      Reach below = how == Reach.DIRECTORY ? Reach.TREE : how;
      for (Node child : children) {
        if (isAbandoned()) {
          return;
        }
        Path name = RawPath.toPath(path.getFileSystem(), child.name);
        descend(child, path.resolve(name), name, source, mirror, below, held + 1);
      }
    }

    private void descend(
        Node child,
        Path path,
        Path name,
        SourceSide source,
        Optional<Directory> mirror,
        Reach below,
        int held) {
      if (held > MAX_HELD) {
        fork(new Visit(this, child, path, below, null));
        return;
      }
      try {
        Opened pair =
            Opened.below(source, child.inMirror ? mirror : Optional.<Directory>empty(), name);
        if (ForkJoinTask.getSurplusQueuedTaskCount() < 1) {
          fork(new Visit(this, child, path, below, pair));
          return;
        }
        try (pair) {
          walk(child, path, pair.source(), pair.mirror(), below, held);
        }
      } catch (IOException failed) {
        listener.failed(territory, territory.pair(path), failed);
      }
    }

    private boolean isAbandoned() {
      ForkJoinPool pool = getPool();
      return pool != null && pool.isShutdown();
    }

    private void fork(Visit visit) {
      addToPendingCount(1);
      visit.fork();
    }

    /** Reconciles one pair. Returns the subdirectories that are to be visited next. */
    private List<Node> visit(
        Node node, Path path, SourceSide source, Optional<Directory> mirror, Reach how)
        throws IOException {
      if (how == Reach.TREE && node.fingerprinted && isUnchanged(node, path, source, mirror)) {
        listener.unchanged(territory, path);
        return List.of(node.children());
      }
      if (node.fingerprinted && how == Reach.TREE && mirror.isPresent()) {
        // Its names have been read for the fingerprint, and a directory answers once.
        try (Directory again = mirror.get().reopen()) {
          return reconcile(node, path, source, Optional.of(again), how);
        }
      }
      return reconcile(node, path, source, mirror, how);
    }

    private boolean isUnchanged(Node node, Path path, SourceSide source, Optional<Directory> mirror)
        throws IOException {
      OptionalLong now = reconciler.surveyor().fingerprint(territory.pair(path), source, mirror);
      return now.isPresent() && now.getAsLong() == node.fingerprint;
    }

    private List<Node> reconcile(
        Node node, Path path, SourceSide source, Optional<Directory> mirror, Reach how)
        throws IOException {
      PairReconciler.Result result =
          reconciler.reconcile(
              territory,
              path,
              source,
              mirror,
              known(node, path, source),
              how == Reach.DIRECTORY || (newcomersAreNews && !node.surveyed),
              mode,
              Sweep.this::restrained,
              listener);
      // Another policy's sweep says nothing against what the standing one vouched for.
      boolean vouched = !reconciler.standing() && node.fingerprinted && !result.hasDeleted();
      if (catalog.put(
          node,
          result.survey(),
          result.files(),
          vouched ? OptionalLong.of(node.fingerprint) : result.fingerprint())) {
        listener.corrected(territory, path);
      }
      List<Node> news = children(node, path, result.survey());
      if (result.removeMirror()) {
        emptied.add(path, result.survey().mirrorDirectories().size());
      }
      return how == Reach.DIRECTORY ? news : List.of(node.children());
    }

    /** The names in the source directory, if they are those that are remembered. */
    private Optional<Listing> known(Node node, Path path, SourceSide source) {
      if (!node.listed
          || !(source instanceof SourceSide.Open open)
          || Listing.fingerprint(open.stamp()) != node.listingFingerprint) {
        return Optional.empty();
      }
      List<Path> directories = new ArrayList<>();
      for (Node child : node.children()) {
        if (child.inSource) {
          directories.add(RawPath.toPath(path.getFileSystem(), child.name));
        }
      }
      return Optional.of(new Listing(node.sources, directories));
    }

    /**
     * Brings the children of {@code node} up to date. Returns those that are new or whose source
     * has come or gone.
     */
    private List<Node> children(Node node, Path path, Survey survey) {
      Set<Path> mirrored = new HashSet<>(survey.mirrorDirectories());
      Set<Path> sources = new HashSet<>(survey.listing().directories());
      Map<String, Path> names = new TreeMap<>();
      mirrored.forEach(name -> names.put(RawPath.of(name), name));
      if (territory.countsSources()) {
        sources.forEach(name -> names.put(RawPath.of(name), name));
      }
      List<Node> children = new ArrayList<>(names.size());
      List<Node> news = new ArrayList<>();
      names.forEach(
          (raw, name) -> {
            if (territory.excludes(path.resolve(name))) {
              return;
            }
            Node known = node.child(raw);
            Node child = known == null ? new Node(raw) : known;
            boolean inSource = sources.contains(name);
            if (known == null || known.inSource != inSource) {
              news.add(child);
            }
            child.inSource = inSource;
            child.inMirror = mirrored.contains(name);
            children.add(child);
          });
      catalog.children(node, children.toArray(Node[]::new));
      return news;
    }
  }

  /** A pair whose directories are open, as far as they are there. */
  private record Opened(SourceSide source, Optional<Directory> mirror) implements AutoCloseable {

    /** Opens the pair at {@code path} from both roots downwards. */
    static Opened at(Territory territory, Path path) throws IOException {
      Path prefix = territory.prefix().path();
      Path mirror = territory.pair(path).mirror();
      Optional<Directory> directory;
      try {
        directory = Optional.of(Directory.descend(prefix, prefix.relativize(mirror)));
      } catch (NoSuchFileException | NotDirectoryException none) {
        directory = Optional.empty();
      }
      return new Opened(territory.source(path), directory);
    }

    /** Opens the pair called {@code name} in one that is open. */
    static Opened below(SourceSide source, Optional<Directory> mirror, Path name)
        throws IOException {
      Optional<Directory> directory =
          mirror.isPresent() ? child(mirror.get(), name) : Optional.empty();
      return new Opened(source.child(name), directory);
    }

    private static Optional<Directory> child(Directory mirror, Path name) throws IOException {
      try {
        FileStamp stamp = mirror.stamp(name);
        return stamp.isDirectory() ? Optional.of(mirror.open(name, stamp)) : Optional.empty();
      } catch (NoSuchFileException none) {
        return Optional.empty();
      }
    }

    @Override
    public void close() throws IOException {
      if (mirror.isPresent()) {
        mirror.get().close();
      }
    }
  }
}
