package io.pycached.reconcile;

/** A number of files and the bytes in them. */
public record Count(long files, long bytes) {
  public static final Count ZERO = new Count(0, 0);

  /** {@return the sum of both} */
  public Count plus(Count other) {
    return new Count(files + other.files, bytes + other.bytes);
  }
}
