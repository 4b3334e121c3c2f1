package io.pycached.compile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The workers that live: at most so many an interpreter and in all, and none for long without work.
 *
 * <p>Safe for use by any thread. One lock guards who is idle and how many there are; it is never
 * held while a process is started, spoken to or ended.
 */
final class WorkerPool implements AutoCloseable {
  /**
   * After this part of the time for a source its worker is late, and another may start beside it:
   * sources that hang keep their workers from others that much longer only.
   */
  private static final int LATE = 12;

  private final Limits limits;
  private final long patience;
  private final Watchdog watchdog = new Watchdog("compile-watchdog");
  private final AtomicLong started = new AtomicLong();

  /** Every process that may live, those that start included. */
  private final Set<Child> children = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final Map<Interpreter, WorkerLane> lanes = new HashMap<>();
  private int places;
  private int idle;
  private boolean retiring;
  private volatile boolean closed;

  WorkerPool(Limits limits) {
    this.limits = limits;
    this.patience = limits.file().toNanos() / LATE;
  }

  /**
   * {@return a worker, an idle one or a new one, after waiting for one if need be; empty if this
   * pool is closed}
   *
   * <p>It is handed to {@link #giveBack}, {@link #replace} or {@link #discard} afterwards.
   */
  Optional<Worker> borrow(Interpreter interpreter)
      throws IOException, TimeoutException, InterruptedException {
    List<Worker> superfluous = new ArrayList<>();
    @Nullable Worker worker;
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed) {
          return Optional.empty();
        }
        WorkerLane lane = lanes.computeIfAbsent(interpreter, key -> new WorkerLane(patience));
        worker = takeIdle(lane, superfluous);
        if (worker != null || takePlace(lane, superfluous)) {
          break;
        }
        OptionalLong wait = lane.untilLate(System.nanoTime());
        if (wait.isPresent()) {
          freed.awaitNanos(wait.getAsLong());
        } else {
          freed.await();
        }
      }
    } finally {
      lock.unlock();
      superfluous.forEach(this::end);
    }
    return Optional.of(begun(worker != null ? worker : startInPlace(interpreter)));
  }

  private Worker begun(Worker worker) {
    lock.lock();
    try {
      lane(worker).busy.put(worker, System.nanoTime());
      return worker;
    } finally {
      lock.unlock();
    }
  }

  private void done(Worker worker) {
    lock.lock();
    try {
      lane(worker).busy.remove(worker);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Worker takeIdle(WorkerLane lane, List<Worker> dead) {
    while (!lane.idle.isEmpty()) {
      Worker worker = lane.idle.pop().worker();
      idle--;
      if (worker.isUsable()) {
        return worker;
      }
      // Somebody ended it: no source is to blame.
      leavePlace(lane);
      dead.add(worker);
    }
    return null;
  }

  private boolean takePlace(WorkerLane lane, List<Worker> evicted) {
    if (lane.places - lane.late(System.nanoTime()) >= limits.workers()) {
      return false;
    }
    if (places >= limits.processes()) {
      Optional<WorkerLane> other =
          lanes.values().stream()
              .filter(each -> !each.idle.isEmpty())
              .min(Comparator.comparingLong(each -> each.idle.getLast().since()));
      if (other.isEmpty()) {
        return false;
      }
      evicted.add(other.get().idle.removeLast().worker());
      idle--;
      leavePlace(other.get());
    }
    lane.places++;
    places++;
    return true;
  }

  private void leavePlace(WorkerLane lane) {
    lane.places--;
    places--;
  }

  private Worker startInPlace(Interpreter interpreter)
      throws IOException, TimeoutException, InterruptedException {
    boolean greeted = false;
    try {
      Worker worker = start(interpreter);
      greeted = true;
      return worker;
    } finally {
      if (!greeted) {
        leave(interpreter);
      }
    }
  }

  private Worker start(Interpreter interpreter)
      throws IOException, TimeoutException, InterruptedException {
    Child child = Child.start(interpreter.executable(), Worker.arguments(limits), Child.CLEAN);
    children.add(child);
    started.incrementAndGet();
    if (closed) {
      child.kill();
    }
    Worker worker = new Worker(interpreter, child, limits, watchdog);
    boolean greeted = false;
    try {
      worker.greet();
      greeted = true;
      return worker;
    } catch (java.io.EOFException e) {
      throw new IOException(child.obituary(), e);
    } finally {
      if (!greeted) {
        end(worker);
      }
    }
  }

  /** Takes a worker back that may be used again. */
  void giveBack(Worker worker) {
    if (!worker.isUsable()) {
      discard(worker);
      return;
    }
    boolean superfluous;
    lock.lock();
    try {
      WorkerLane lane = lane(worker);
      long now = System.nanoTime();
      lane.busy.remove(worker);
      superfluous = closed || lane.places - lane.late(now) > limits.workers();
      if (!superfluous) {
        lane.idle.push(new WorkerLane.Idle(worker, now));
        idle++;
        retireLater(limits.idle());
        freed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (superfluous) {
      discard(worker);
    }
  }

  /** Ends a worker and starts another in its place. */
  Worker replace(Worker worker) throws IOException, TimeoutException, InterruptedException {
    done(worker);
    end(worker);
    return begun(startInPlace(worker.interpreter()));
  }

  /** Ends a worker, unless it was ended before. */
  void discard(Worker worker) {
    done(worker);
    if (end(worker)) {
      leave(worker.interpreter());
    }
  }

  private void leave(Interpreter interpreter) {
    lock.lock();
    try {
      WorkerLane lane = lanes.get(interpreter);
      if (lane != null) {
        leavePlace(lane);
        lanes.values().removeIf(each -> each.places == 0);
      }
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private WorkerLane lane(Worker worker) {
    return lanes.computeIfAbsent(worker.interpreter(), key -> new WorkerLane(patience));
  }

  private boolean end(Worker worker) {
    worker.child().kill();
    return children.remove(worker.child());
  }

  // One look is pending at most, and none while nobody is idle.

  private void retireLater(Duration delay) {
    if (!retiring && idle > 0) {
      retiring = true;
      var unused = watchdog.after(delay, this::retire);
    }
  }

  private void retire() {
    List<Worker> retired = new ArrayList<>();
    lock.lock();
    try {
      retiring = false;
      long now = System.nanoTime();
      long soonest = limits.idle().toNanos();
      for (WorkerLane lane : lanes.values()) {
        while (!lane.idle.isEmpty()) {
          long left = limits.idle().toNanos() - (now - lane.idle.getLast().since());
          if (left > 0) {
            soonest = Math.min(soonest, left);
            break;
          }
          retired.add(lane.idle.removeLast().worker());
          idle--;
          leavePlace(lane);
        }
      }
      lanes.values().removeIf(lane -> lane.places == 0);
      retireLater(Duration.ofNanos(soonest));
    } finally {
      lock.unlock();
    }
    retired.forEach(this::end);
  }

  int alive() {
    return (int) children.stream().filter(Child::isAlive).count();
  }

  int busy() {
    lock.lock();
    try {
      return places - idle;
    } finally {
      lock.unlock();
    }
  }

  long started() {
    return started.get();
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends every worker, busy or not; whoever waits for one gets none. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
    watchdog.close();
    List<Child> last = List.copyOf(children);
    last.forEach(Child::kill);
    try {
      for (Child child : last) {
        var unused = child.awaitDeath();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
