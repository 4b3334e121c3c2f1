package io.pycached.cli;

import io.pycached.journal.Journal;
import io.pycached.journal.Journaling;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.report.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The journal of a prefix, as long as a command holds its lock; none in a dry run. */
final class OneJournal implements AutoCloseable {
  private final Optional<Journal> journal;
  private final World world;

  private OneJournal(Optional<Journal> journal, World world) {
    this.journal = journal;
    this.world = world;
  }

  static OneJournal of(Path prefix, Mode mode, World world) {
    return new OneJournal(
        mode == Mode.APPLY
            ? Optional.of(
                Journal.start(
                    prefix, PycachePrefix.STATE_DIRECTORY, new Talk(world), world.clock()))
            : Optional.empty(),
        world);
  }

  /** Says so once. */
  private static final class Talk implements Journal.Listener {
    private final World world;
    private final AtomicBoolean said = new AtomicBoolean();

    Talk(World world) {
      this.world = world;
    }

    @Override
    public void unwritable(IOException failure) {
      if (said.compareAndSet(false, true)) {
        world.err().println("events are not written: " + Failures.reason(failure));
      }
    }
  }

  /** {@return a listener that writes the journal, and then passes on to {@code other}} */
  ReconcileListener beside(ReconcileListener other) {
    return journal.isPresent()
        ? ReconcileListener.both(new Journaling(journal.get(), world.clock()), other)
        : other;
  }

  @Override
  public void close() {
    journal.ifPresent(Journal::close);
  }
}
