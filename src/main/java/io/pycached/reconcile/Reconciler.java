package io.pycached.reconcile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The daemon's loop: takes what is dirty, when it is due, territory by territory in turn, and
 * sweeps it.
 *
 * <p>Anything may mark directories dirty, at any time, as often as it likes: marking says where to
 * look and never what to do. Two threads work, so that a long sweep of one territory does not hold
 * up a single edit in another; within a territory one sweep follows the other. Each has a pool of
 * its own: in one for both, the subtrees of the long sweep would be in front of the edit.
 */
public final class Reconciler implements AutoCloseable {
  private final PairReconciler pairs;
  private final Volumes volumes;
  private final ReconcileListener listener;
  private final Agenda agenda;
  private final List<Lane> lanes;

  /**
   * @param volumes where the roots of projects were before
   * @param listener hears of every sweep
   * @param pool for the sweeps of one thread; a second one is made for those of the other. Both are
   *     shut down with the reconciler
   * @param debounce how long a directory must be quiet before it is looked at
   */
  public Reconciler(
      PairReconciler pairs,
      Volumes volumes,
      ReconcileListener listener,
      ForkJoinPool pool,
      Duration debounce) {
    this(pairs, volumes, listener, pool, debounce, System::nanoTime);
  }

  /**
   * @param nanoTime by which the silence of its threads is measured
   */
  Reconciler(
      PairReconciler pairs,
      Volumes volumes,
      ReconcileListener listener,
      ForkJoinPool pool,
      Duration debounce,
      LongSupplier nanoTime) {
    ForkJoinPool second = new ForkJoinPool(pool.getParallelism());
    this.pairs = pairs;
    this.volumes = volumes;
    this.listener = listener;
    this.agenda = new Agenda(pairs.clock(), debounce);
    this.lanes =
        List.of(
            new Lane("reconcile-1", pool, nanoTime, this::loop),
            new Lane("reconcile-2", second, nanoTime, this::loop));
  }

  /** Starts the threads. */
  public void start() {
    lanes.forEach(Lane::start);
  }

  private void loop(Lane lane) {
    for (Backlog.Turn turn = agenda.next(); turn != null; turn = agenda.next()) {
      lane.heartbeat().begin();
      try {
        if (turn.request().isPresent()) {
          answer(turn.request().get(), turn.chart(), lane);
        } else {
          sweep(turn.visits(), turn.chart(), lane);
        }
      } finally {
        lane.heartbeat().end();
        agenda.end(turn);
      }
    }
  }

  private void sweep(List<DirtySet.Visit> visits, Chart chart, Lane lane) {
    for (DirtySet.Visit visit : visits) {
      try {
        reconcile(Errand.of(visit.relative(), Mode.APPLY, visit.reach()), chart, lane, listener);
      } catch (RejectedExecutionException closing) {
        // The next start looks at everything.
        return;
      } catch (RuntimeException failed) {
        Territory territory = chart.territory();
        listener.failed(territory, territory.pair(visit.relative()), new IOException(failed));
      }
    }
    chart.reconciled(pairs.clock().instant());
  }

  private void answer(Request request, Chart chart, Lane lane) {
    try {
      if (request.errand().mode() == Mode.APPLY) {
        reconcile(request.errand(), chart, lane, new Both(listener, request.also()));
        chart.reconciled(pairs.clock().instant());
      } else {
        look(request.errand(), chart.territory(), lane, request.also());
      }
      if (lane.isStopped()) {
        throw new RejectedExecutionException("shutting down");
      }
      request.answer().complete(chart.status());
    } catch (RuntimeException failed) {
      request.answer().completeExceptionally(failed);
    }
  }

  /** What is left for later comes back to the agenda. */
  private void reconcile(Errand errand, Chart chart, Lane lane, ReconcileListener heard) {
    ReconcileListener all = new Both(lane.heartbeat(), new Both(heard, agenda));
    new Round(chart, pairs).run(lane.pool(), errand, all);
  }

  /** What has not happened must not be taught to the catalog, nor told to anyone else. */
  private void look(Errand errand, Territory territory, Lane lane, ReconcileListener heard) {
    Catalog passing = new Catalog();
    passing.grow(errand.relative());
    new Sweep(
            territory,
            passing,
            errand.policy().map(pairs::by).orElse(pairs),
            errand.mode(),
            Optional.empty(),
            new Both(lane.heartbeat(), heard))
        .run(lane.pool(), errand.relative(), errand.reach());
  }

  /**
   * Makes {@code territories} those that are looked after. What is known of one that stays as it
   * is, is kept.
   */
  public void territories(List<Territory> territories) {
    agenda.territories(territories, volumes);
    pairs.builds().ifPresent(builds -> builds.retain(territories));
    volumes.retain(
        territories.stream()
            .flatMap(territory -> territory.root().stream())
            .collect(Collectors.toSet()));
  }

  /** Notes that something happened in the directory at {@code relative}. Cheap; for any thread. */
  public void dirty(Territory territory, Path relative, Sweep.Reach reach) {
    agenda.dirty(territory, relative, reach);
  }

  /** Notes that the directory at {@code relative} is to be looked at again, in a while. */
  public void dirtyAfter(Territory territory, Path relative, Duration wait) {
    agenda.waits(territory, relative, pairs.clock().instant().plus(wait));
  }

  /**
   * Sweeps {@code territory} as soon as it is its turn.
   *
   * @param also hears of this sweep, besides the reconciler's own listener when something is
   *     changed
   * @return completes with what the territory looks like then
   * @throws RejectedExecutionException if too many requests wait, or the reconciler is closed, or
   *     does not know the territory
   */
  public CompletableFuture<TerritoryStatus> request(
      Territory territory, Errand errand, ReconcileListener also) {
    CompletableFuture<TerritoryStatus> answer = new CompletableFuture<>();
    agenda.add(territory, new Request(errand, also, answer));
    return answer;
  }

  /** {@return what is known of each territory, in their order} */
  public List<TerritoryStatus> status() {
    return agenda.status();
  }

  /** {@return how many directories wait to be looked at} */
  public int dirtyCount() {
    return agenda.dirtyCount();
  }

  /**
   * {@return how long one of the threads has been at work without getting on with it, see {@link
   * Heartbeat}; for ever, if one is no more}
   */
  public Duration silence() {
    return Collections.max(lanes.stream().map(Lane::silence).toList());
  }

  /**
   * Ends the threads. A sweep that is under way ends the directories that it is in and leaves the
   * others; its request, and those that wait, are answered with a failure.
   */
  @Override
  public void close() {
    agenda.close();
    lanes.forEach(Lane::stop);
    lanes.forEach(Lane::awaitEnd);
  }
}
