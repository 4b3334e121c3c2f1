package io.pycached.watch;

/**
 * Why a project is polled instead of watched.
 *
 * @param kind what ran out or is missing
 * @param message one line for people: the limit, and the command that raises it if there is one
 */
public record Degradation(Kind kind, String message) {
  /** What a project may lack for being watched. */
  public enum Kind {
    /** No more directories can be registered: inotify's watches are used up. */
    WATCHES,
    /** No watcher can be opened: inotify's instances or this process' descriptors are used up. */
    INSTANCES,
    /** The file system does not tell of changes that other machines make. */
    FILE_SYSTEM,
    /** The watcher could not be opened for another reason. */
    FAILED
  }
}
