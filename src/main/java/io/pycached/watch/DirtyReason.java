package io.pycached.watch;

/** Why everything below a directory may have changed. */
public enum DirtyReason {
  /** The first watch of the project is in place; changes before it were not seen. */
  STARTED,
  /** The directory appeared: created, or moved in with all it holds. */
  CREATED,
  /** Something with this name, perhaps a directory, was deleted or moved away. */
  DELETED,
  /** Events were lost: a queue overflowed or the watcher failed. A new watcher is in place. */
  LOST_EVENTS,
  /** The root is gone, is no directory, cannot be read, or is another directory than before. */
  ROOT_LOST,
  /** The root is there again, and watched again. */
  ROOT_RETURNED,
  /** A directory that could not be read can be read now, and is watched. */
  READABLE,
  /** Reading the directory failed, so that what is below it is not watched. */
  UNWATCHED,
  /** It is time to look at a project that is polled, or it was until now. */
  POLL,
  /** The listener threw when it was told of a change. */
  UNHEARD
}
