package io.pycached.survey;

import io.pycached.fs.FileStamp;
import io.pycached.layout.CacheTag;
import io.pycached.layout.MirrorName;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.pyc.SourceMtime;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the headers of a directory's bytecode files with their sources, as {@code
 * SourceLoader.get_code} does: the magic number, then the source's time and size, or its hash.
 * Belongs to one survey.
 */
final class Comparison {
  private final SourceSide side;
  private final SourceHashes hashes;

  /** What {@link #usualAccepted} is about: most files of a directory share the two. */
  private int usualMagic;

  private @Nullable CacheTag usualTag;
  private boolean usualAccepted;

  Comparison(SourceSide side, SourceHashes hashes) {
    this.side = side;
    this.hashes = hashes;
  }

  /** {@return what {@code header} says of {@code source}} */
  Opinion opinion(MirrorName.Bytecode meaning, PycHeader header, SourceLookup.Found source) {
    CacheTag tag = meaning.variant().tag();
    if (header.magic().number() != usualMagic || !tag.equals(usualTag)) {
      usualAccepted = isWrittenUnder(tag, header.magic());
      usualMagic = header.magic().number();
      usualTag = tag;
    }
    if (!usualAccepted) {
      return new Opinion(
          Verdict.STALE_MAGIC,
          "magic number is %d (%s %s), which no release of %s writes"
              .formatted(
                  header.magic().number(),
                  header.magic().implementation().label(),
                  header.magic().python(),
                  tag));
    }
    return header.invalidation() instanceof Invalidation.Timestamp timestamp
        ? byTimestamp(timestamp, source.stamp())
        : byHash(header.magic(), (Invalidation.Hash) header.invalidation(), source);
  }

  /**
   * Whether a release with this tag writes this magic number. A pre-release's number under the tag
   * of a Python that has been released is stale: the release rejects it. Of a tag that is not
   * known, nobody can say.
   */
  private static boolean isWrittenUnder(CacheTag tag, Magic magic) {
    List<Magic> known = Magics.allOf(tag.name());
    boolean released = false;
    for (Magic candidate : known) {
      released |= candidate.release();
    }
    for (Magic candidate : known) {
      if (candidate.number() == magic.number()) {
        return candidate.release() || !released;
      }
    }
    return known.isEmpty();
  }

  private static Opinion byTimestamp(Invalidation.Timestamp header, FileStamp source) {
    Instant mtime = source.mtime().toInstant();
    if (header.matches(mtime.getEpochSecond(), mtime.getNano(), source.size())) {
      return Opinion.FRESH;
    }
    int seconds = SourceMtime.mtime32(mtime.getEpochSecond(), mtime.getNano());
    if (header.mtime() != seconds) {
      return new Opinion(
          Verdict.STALE_MTIME,
          "header says the source is of "
              + instant(header.mtime())
              + ", it is of "
              + instant(seconds));
    }
    return new Opinion(
        Verdict.STALE_SIZE,
        "header says the source has "
            + Integer.toUnsignedString(header.sourceSize())
            + " bytes, it has "
            + source.size());
  }

  private static Instant instant(int seconds) {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(seconds));
  }

  private Opinion byHash(Magic magic, Invalidation.Hash header, SourceLookup.Found source) {
    if (!magic.hash().isComputable()) {
      return new Opinion(
          Verdict.SOURCE_UNREADABLE,
          "the source hash of "
              + magic.implementation().label()
              + " can only be computed by itself");
    }
    if (!(side instanceof SourceSide.Open open)) {
      throw new IllegalStateException("a source was found in " + side);
    }
    long hash;
    try {
      hash = hashes.hash(magic, open.path().resolve(source.name()), source.stamp());
    } catch (IOException unreadable) {
      return new Opinion(
          Verdict.SOURCE_UNREADABLE, "source cannot be read: " + Obstacle.of(unreadable));
    }
    if (hash == header.hash()) {
      return Opinion.FRESH;
    }
    String detail =
        "header says the source's hash is %016x, it is %016x"
            .formatted(Long.reverseBytes(header.hash()), Long.reverseBytes(hash));
    return new Opinion(
        Verdict.STALE_SOURCE_HASH,
        header.checkSource()
            ? detail
            : detail + "; the hash is unchecked, so imports run the old code");
  }
}
