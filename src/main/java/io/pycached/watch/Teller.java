package io.pycached.watch;

import io.pycached.layout.Project;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of one project's changes, and remembers if it threw instead of listening. */
final class Teller implements ChangeMapping.Target {
  private static final Logger LOGGER = LoggerFactory.getLogger(Teller.class);

  private final Project project;
  private final WatchListener listener;
  private final AtomicBoolean unheard = new AtomicBoolean();
  private final AtomicBoolean logged = new AtomicBoolean();

  Teller(Project project, WatchListener listener) {
    this.project = project;
    this.listener = listener;
  }

  @Override
  public void dirty(Path directory) {
    tell(to -> to.dirty(project, directory));
  }

  @Override
  public void dirtyTree(Path directory, DirtyReason reason) {
    tell(to -> to.dirtyTree(project, directory, reason));
  }

  void degraded(Degradation degradation) {
    tell(to -> to.degraded(project, degradation));
  }

  void restored() {
    tell(to -> to.restored(project));
  }

  /** {@return whether something was not heard since the last call} */
  boolean takeUnheard() {
    return unheard.getAndSet(false);
  }

  /** An Error is caught too: it would end the thread, and with it the watch of the project. */
  private void tell(Consumer<WatchListener> message) {
    try {
      message.accept(listener);
    } catch (RuntimeException | Error failure) {
      unheard.set(true);
      if (logged.compareAndSet(false, true)) {
        LOGGER.error(
            "the listener failed on a change in {}; the project will be surveyed",
            project.name(),
            failure);
      }
    }
  }
}
