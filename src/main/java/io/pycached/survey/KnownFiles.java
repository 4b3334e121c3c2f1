package io.pycached.survey;

import io.pycached.pyc.PycHeader;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What reading bytecode files has told, by the files' identity, so that none is read twice.
 *
 * <p>That is quick, and it is kind: a read moves a file's access time, which is the only sign of
 * when an interpreter last used it. So it is noted, too, what the access time was before our own
 * reads moved it.
 *
 * <p>An identity is a number made of the path and the stamp. Two files with the same number are
 * improbable below some billions of them; what is taken from here decides what is shown and what is
 * looked at more closely, while every deletion rests on reading the file again.
 *
 * <p>Safe for use by any thread. Bounded: beyond {@link #MAX_FILES} nothing more is remembered, and
 * {@link #turn} forgets what has not been asked for.
 */
public final class KnownFiles {
  /** Files that are remembered, at some 60 bytes each. */
  public static final int MAX_FILES = 1 << 20;

  /** A power of two: each stripe has a lock of its own. */
  private static final int STRIPES = 16;

  /** How far the clock of the file system may be from ours, and how long a read may take. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final List<KnownStripe> stripes =
      IntStream.range(0, STRIPES).mapToObj(stripe -> new KnownStripe(MAX_FILES / STRIPES)).toList();

  /** {@return the identity of the file {@code name} in the mirror with this number} */
  static long identity(long mirror, int name, long stamp) {
    long identity = StampHash.mix(StampHash.mix(mirror, name), stamp);
    return identity == 0 ? 1 : identity;
  }

  /**
   * Puts the header of a file into {@code into}.
   *
   * @return whether it is known
   */
  boolean header(long identity, byte[] into) {
    KnownStripe stripe = stripe(identity);
    synchronized (stripe) {
      int at = stripe.find(identity);
      if (at < 0 || !stripe.has(at, KnownStripe.HEADER)) {
        return false;
      }
      stripe.set(at, KnownStripe.ASKED_FOR);
      stripe.getHeader(at, ByteBuffer.wrap(into));
      return true;
    }
  }

  /** Remembers a header, which must be whole. */
  void remember(long identity, byte[] header) {
    ByteBuffer words = ByteBuffer.wrap(header, 0, PycHeader.MAX_BYTES);
    KnownStripe stripe = stripe(identity);
    synchronized (stripe) {
      int at = stripe.findOrAdd(identity);
      if (at >= 0) {
        stripe.set(at, KnownStripe.HEADER | KnownStripe.ASKED_FOR);
        stripe.putHeader(at, words);
      }
    }
  }

  /** {@return whether a file's body was found to be whole} */
  boolean isWhole(long identity) {
    KnownStripe stripe = stripe(identity);
    synchronized (stripe) {
      int at = stripe.find(identity);
      return at >= 0 && stripe.has(at, KnownStripe.WHOLE);
    }
  }

  /** Remembers that a file's body is whole. */
  void whole(long identity) {
    KnownStripe stripe = stripe(identity);
    synchronized (stripe) {
      int at = stripe.findOrAdd(identity);
      if (at >= 0) {
        stripe.set(at, KnownStripe.WHOLE | KnownStripe.ASKED_FOR);
      }
    }
  }

  /**
   * Notes that we are about to read a file.
   *
   * @param accessed its access time as it is before that
   */
  void reading(long identity, FileTime accessed, Instant now) {
    KnownStripe stripe = stripe(identity);
    synchronized (stripe) {
      int at = stripe.findOrAdd(identity);
      if (at >= 0) {
        stripe.putTimes(at, seconds(used(stripe, at, accessed.toInstant())), seconds(now));
      }
    }
  }

  /**
   * {@return when a file was last used by somebody else, as far as its access time tells}
   *
   * @param accessed its access time as it is now
   */
  Instant used(long identity, FileTime accessed) {
    KnownStripe stripe = stripe(identity);
    synchronized (stripe) {
      int at = stripe.find(identity);
      return at < 0 ? accessed.toInstant() : used(stripe, at, accessed.toInstant());
    }
  }

  private static Instant used(KnownStripe stripe, int at, Instant accessed) {
    if (stripe.readAt(at) == 0) {
      return accessed;
    }
    Instant readAt = instant(stripe.readAt(at));
    return accessed.isAfter(readAt.plus(TOLERANCE)) ? accessed : earlier(stripe, at, accessed);
  }

  /**
   * Of two, what was before our read: an access time that is even older was put back by someone.
   */
  private static Instant earlier(KnownStripe stripe, int at, Instant accessed) {
    Instant before = instant(stripe.usedBefore(at));
    return before.isBefore(accessed) ? before : accessed;
  }

  /**
   * Remembers nothing more: for one look at each file, after which nobody asks.
   *
   * @return this
   */
  public KnownFiles freeze() {
    for (KnownStripe stripe : stripes) {
      synchronized (stripe) {
        stripe.freeze();
      }
    }
    return this;
  }

  /** Forgets what was not asked for since the last turn, and begins another. */
  public void turn() {
    for (KnownStripe stripe : stripes) {
      synchronized (stripe) {
        stripe.turn();
      }
    }
  }

  /** {@return how many files are remembered} */
  public int size() {
    int size = 0;
    for (KnownStripe stripe : stripes) {
      synchronized (stripe) {
        size += stripe.size();
      }
    }
    return size;
  }

  /** {@return all that is remembered, for {@link #load}} */
  public byte[][] save() {
    return stripes.stream().map(KnownStripe::save).toArray(byte[][]::new);
  }

  /**
   * Remembers again what {@link #save} returned, joined; as much of it as there is, for nothing
   * depends on any of it.
   */
  public void load(byte[] saved) {
    ByteBuffer records = ByteBuffer.wrap(saved);
    while (records.remaining() >= KnownStripe.RECORD_BYTES) {
      long identity = records.getLong();
      KnownStripe stripe = stripe(identity);
      synchronized (stripe) {
        stripe.load(identity, records);
      }
    }
  }

  private KnownStripe stripe(long identity) {
    return stripes.get((int) (identity >>> 60) & (STRIPES - 1));
  }

  /** Seconds since 1970, good until 2106. */
  private static int seconds(Instant time) {
    return (int) Math.max(0, Math.min(0xFFFF_FFFFL, time.getEpochSecond()));
  }

  private static Instant instant(int seconds) {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(seconds));
  }
}
