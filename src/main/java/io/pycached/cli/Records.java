package io.pycached.cli;

import io.pycached.daemon.KnownFile;
import io.pycached.daemon.Remembering;
import io.pycached.journal.Journal;
import io.pycached.journal.Journaling;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.report.Failures;
import io.pycached.survey.KnownFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a command that holds a prefix's lock leaves there beside bytecode: the journal, and what it
 * learnt by reading. A dry run leaves nothing.
 */
final class Records implements AutoCloseable {
  private final Optional<Journal> journal;
  private final Optional<Remembering> remembering;
  private final KnownFiles known;
  private final World world;

  private Records(
      Optional<Journal> journal, Optional<Remembering> remembering, KnownFiles known, World world) {
    this.journal = journal;
    this.remembering = remembering;
    this.known = known;
    this.world = world;
  }

  static Records of(Path prefix, Mode mode, World world) {
    if (mode != Mode.APPLY) {
      return new Records(Optional.empty(), Optional.empty(), KnownFile.read(prefix), world);
    }
    Remembering remembering = new Remembering(prefix);
    remembering.load();
    Optional<Journal> journal = Optional.of(journal(prefix, world));
    return new Records(journal, Optional.of(remembering), remembering.known(), world);
  }

  /** {@return the journal of {@code prefix}, whose lock is held} */
  static Journal journal(Path prefix, World world) {
    return Journal.start(prefix, PycachePrefix.STATE_DIRECTORY, new Talk(world), world.clock());
  }

  /** {@return what reading bytecode files told before} */
  KnownFiles known() {
    return known;
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
    remembering.ifPresent(Remembering::save);
  }
}
