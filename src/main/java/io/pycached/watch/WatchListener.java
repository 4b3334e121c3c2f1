package io.pycached.watch;

import io.pycached.layout.Project;
import java.nio.file.Path;

/**
 * What hears of changes.
 *
 * <p>It is called from the watch threads, by several at once, and must return at once: a slow
 * listener makes the kernel's and the JDK's queues overflow. It should not throw; if it does, the
 * project's whole tree is reported again later. It must not close the watches.
 *
 * <p>Directories are absolute and as this process sees them: {@link Project#visibleAt()} or below.
 */
public interface WatchListener {
  /** Something in {@code directory} itself may have changed, not below its subdirectories. */
  void dirty(Project project, Path directory);

  /** Anything in {@code directory} or below it may have changed, {@code directory} included. */
  void dirtyTree(Project project, Path directory, DirtyReason reason);

  /**
   * The project is polled from now on; told once until {@link #restored}. Its message is for
   * people.
   */
  void degraded(Project project, Degradation degradation);

  /** The degraded project is watched by events again. */
  void restored(Project project);
}
