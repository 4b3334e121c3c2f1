package io.pycached.reconcile;

/**
 * What files take on disk.
 *
 * @param files bytecode and whatever else lies in the mirrors
 * @param bytes in whole blocks of the file system, with the directories' own
 */
public record Footprint(long files, long bytes) {
  public static final Footprint NONE = new Footprint(0, 0);

  /** {@return {@code size} bytes in whole blocks} */
  static long blocks(long size, long block) {
    return (size + block - 1) / block * block;
  }
}
