package io.pycached.metrics;

/**
 * How many files, and what they hold together.
 *
 * @param files a number of files
 * @param bytes the sum of their sizes
 */
public record FilesAndBytes(long files, long bytes) {
  static final FilesAndBytes NONE = new FilesAndBytes(0, 0);

  FilesAndBytes plus(FilesAndBytes other) {
    return new FilesAndBytes(files + other.files, bytes + other.bytes);
  }
}
