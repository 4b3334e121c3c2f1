package io.pycached.reconcile;

import io.pycached.policy.Plan;
import io.pycached.survey.Fingerprint;
import io.pycached.survey.SourceSide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;

/**
 * One pass over a territory, or a part of it: every directory pair is reconciled, and the catalog
 * brought up to date.
 *
 * <p>The tree that is walked is the union of the sources' and the mirror's. Empty mirrors are
 * removed at the end, deepest first.
 */
public final class Sweep {
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
  private final Branches branches;
  private final EmptyMirrors emptied;
  private final UnaryOperator<Plan> restrained = this::restrained;

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
    this.branches = new Branches(territory, catalog);
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
      pool.invoke(new Walk(territory, this::visit, listener, node, start, how));
    }
    if (!pool.isShutdown()) {
      emptied.remove();
    }
  }

  /** Reconciles one pair. Returns the subdirectories that are to be visited next. */
  private List<Node> visit(Node node, OpenPair pair, Reach how) {
    try {
      if (node == catalog.root() || pair.source() instanceof SourceSide.Vanished) {
        catalog.vanished(unseen(pair.source()));
      }
      if (how == Reach.TREE && node.isVouchedFor(reconciler.clock()) && isUnchanged(node, pair)) {
        listener.unchanged(territory, pair.path());
        return List.of(node.children());
      }
      return reconcile(node, pair, how);
    } catch (IOException failed) {
      listener.failed(territory, pair.pair(), failed);
    } catch (RuntimeException unforeseen) {
      // One directory that trips us up must not keep the others from being looked after.
      listener.failed(territory, pair.pair(), new IOException(unforeseen));
    }
    node.vouch(Optional.empty(), Optional.empty());
    return List.of();
  }

  private static Optional<Unseen> unseen(SourceSide root) {
    if (root instanceof SourceSide.Vanished gone) {
      return Optional.of(new Unseen(true, gone.why()));
    }
    return root instanceof SourceSide.Unreadable closed
        ? Optional.of(new Unseen(false, closed.why()))
        : Optional.empty();
  }

  private static boolean isUnchanged(Node node, OpenPair pair) throws IOException {
    Optional<Fingerprint> known = node.fingerprint();
    return known.isPresent() && known.get().fits(pair.source(), pair.mirrorStamp());
  }

  private List<Node> reconcile(Node node, OpenPair pair, Reach how) throws IOException {
    Path path = pair.path();
    PairReconciler.Result result =
        reconciler.reconcile(
            territory,
            pair,
            branches.remembered(node, path, pair.source()),
            how == Reach.DIRECTORY || (newcomersAreNews && !node.surveyed),
            mode,
            restrained,
            listener);
    // Another policy's sweep says nothing against what the standing one vouched for.
    boolean vouched =
        !reconciler.standing() && node.fingerprint().isPresent() && !result.hasDeleted();
    if (catalog.put(node, result.survey(), result.files())) {
      listener.corrected(territory, path);
    }
    if (!vouched) {
      node.vouch(result.fingerprint(), result.due());
    }
    List<Node> news = branches.update(node, path, result.survey());
    if (result.removeMirror()) {
      emptied.add(path, result.survey().mirrorDirectories().size());
    }
    return how == Reach.DIRECTORY ? news : List.of(node.children());
  }

  private Plan restrained(Plan plan) {
    return restraint.isPresent() && !plan.deletions().isEmpty()
        ? restraint.get().restrain(plan, catalog.totals(), reconciler.mostAtOnce())
        : plan;
  }
}
