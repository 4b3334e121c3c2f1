package io.pycached.survey;

import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.PycHeader;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * One file of a mirror with the verdict on it and the evidence.
 *
 * @param name a single component
 * @param meaning what the name says
 * @param stamp of the file as it was when the verdict was reached; of a symbolic link itself
 * @param changed when it last changed in any way, as far as is known: of a file that might be
 *     deleted its {@code st_ctim}, which no program can set back, of others the mtime
 * @param used when somebody other than pycached last read it, as far as the mount keeps that
 * @param header if the verdict needed it and it could be read
 * @param source if there is one
 * @param detail the evidence in words; empty for a fresh file
 */
public record MirrorFile(
    Path name,
    MirrorName meaning,
    FileStamp stamp,
    FileTime changed,
    Instant used,
    Verdict verdict,
    Optional<PycHeader> header,
    Optional<SourceFile> source,
    String detail) {

  /** {@return the size in bytes} */
  public long bytes() {
    return stamp.size();
  }

  /**
   * {@return whether the source was changed in the very second that the header names, but after the
   * bytecode was written} The interpreter takes it for fresh when the size is the same, and runs
   * old code (python/cpython#75953).
   */
  public boolean isOlderThanItsSource() {
    if (verdict != Verdict.FRESH
        || source.isEmpty()
        || header.isEmpty()
        || !(header.get().invalidation() instanceof Invalidation.Timestamp)) {
      return false;
    }
    Instant changed = source.get().stamp().mtime().toInstant();
    Instant written = stamp.mtime().toInstant();
    return written.isBefore(changed) && written.getEpochSecond() == changed.getEpochSecond();
  }

  /**
   * {@return the evidence in words, also of a file that only its interpreter takes for fresh; empty
   * for one that is}
   */
  public String evidence() {
    return isOlderThanItsSource()
        ? "written %s, and the source was changed in the same second, %s"
            .formatted(stamp.mtime(), source.orElseThrow().stamp().mtime())
        : detail;
  }
}
