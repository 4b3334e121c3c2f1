package io.pycached.survey;

import io.pycached.fs.FileStamp;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a directory pair is recognised by as unchanged.
 *
 * <p>While it fits, both directories have the entries that they had, and every source that a
 * verdict rests on has its size, time and inode: so the verdicts stand, and nothing needs to be
 * opened. What it cannot see, bytes changed in place with the time put back, a survey in full does.
 *
 * @param number made of the stamps of both directories and of those sources
 * @param sources the raw names of those sources, each followed by a slash, which no name holds
 */
public record Fingerprint(long number, String sources) {

  /** The fingerprint of a pair without sources. */
  static Fingerprint of(FileStamp source, Optional<FileStamp> mirror) {
    return new Fingerprint(
        StampHash.mix(StampHash.of(source), mirror.map(StampHash::of).orElse(0L)), "");
  }

  private static long part(String name, FileStamp source) {
    return StampHash.mix(StampHash.of(source), name.hashCode());
  }

  /**
   * {@return whether the pair is as it was, by the looks of it} A name that is gone, or cannot be
   * looked at, is a change.
   *
   * @param mirror the mirror's stamp; nothing if there is none
   */
  public boolean fits(SourceSide source, Optional<FileStamp> mirror) {
    if (!(source instanceof SourceSide.Open open)) {
      return false;
    }
    long now = of(open.stamp(), mirror).number;
    int start = 0;
    while (start < sources.length()) {
      int end = sources.indexOf('/', start);
      String name = sources.substring(start, end);
      try {
        now += part(name, look(open.path(), name));
      } catch (IOException changed) {
        return false;
      }
      start = end + 1;
    }
    return now == number;
  }

  private static FileStamp look(Path directory, String name) throws IOException {
    return FileStamp.following(directory.resolve(RawPath.toPath(directory.getFileSystem(), name)));
  }

  /** Collects the sources of a fingerprint. */
  static final class Builder {
    private final StringBuilder names = new StringBuilder();
    private long sum;

    void add(String raw, FileStamp source) {
      names.append(raw).append('/');
      sum += part(raw, source);
    }

    Fingerprint build(FileStamp source, Optional<FileStamp> mirror) {
      return new Fingerprint(of(source, mirror).number + sum, names.toString());
    }
  }
}
