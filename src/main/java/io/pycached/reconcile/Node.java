package io.pycached.reconcile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.survey.Fingerprint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one directory pair. There is one for each directory of every watched tree,
 * so it is kept small: a name, the counts packed into numbers, and a fingerprint.
 */
final class Node {
  private static final Node[] NO_CHILDREN = {};
  private static final byte[] NO_SOURCES = {};
  private static final long FOR_EVER = Long.MAX_VALUE;
  static final long[] NO_CELLS = {};

  /** The directory's own name, raw; empty for the root. */
  final String name;

  /** In the order of their names. */
  private Node[] children = NO_CHILDREN;

  /** Pairs of numbers, see {@link Catalog}. */
  long[] cells = NO_CELLS;

  int sources;

  /** Whether the source directory has a {@code __pycache__}. */
  boolean pycache;

  /**
   * Whether the parent's last survey saw the source directory: when that changes, what is below is
   * another matter.
   */
  boolean inSource;

  /** Whether the parent's last survey saw the mirror: one that is not there need not be opened. */
  boolean inMirror;

  /** Whether the pair has been surveyed at all. */
  boolean surveyed;

  /** Whether {@link #listingFingerprint} holds one. */
  boolean listed;

  /**
   * Vouches for {@link #sources}, {@link #pycache} and which children are in the source directory.
   */
  long listingFingerprint;

  /** The sources of the fingerprint, a byte for each character; nothing if there is none. */
  private byte @Nullable [] fingerprintedSources;

  private long fingerprintNumber;

  /** In seconds since 1970. */
  private long vouchedUntil = FOR_EVER;

  Node(String name) {
    this.name = name;
  }

  /** {@return by what the pair is recognised as unchanged, if it is at all} */
  Optional<Fingerprint> fingerprint() {
    byte[] sources = fingerprintedSources;
    return sources == null
        ? Optional.empty()
        : Optional.of(new Fingerprint(fingerprintNumber, new String(sources, ISO_8859_1)));
  }

  /** {@return whether time has changed nothing about what the fingerprint vouches for} */
  boolean isVouchedFor(InstantSource clock) {
    return fingerprintedSources != null && clock.instant().getEpochSecond() < vouchedUntil;
  }

  /**
   * @param due when the pair has to be looked at in any case
   */
  void vouch(Optional<Fingerprint> fingerprint, Optional<Instant> due) {
    vouchedUntil = due.map(Instant::getEpochSecond).orElse(FOR_EVER);
    if (fingerprint.isEmpty()) {
      fingerprintedSources = null;
      return;
    }
    fingerprintNumber = fingerprint.get().number();
    byte[] sources = fingerprint.get().sources().getBytes(ISO_8859_1);
    if (!Arrays.equals(sources, fingerprintedSources)) {
      fingerprintedSources = sources.length == 0 ? NO_SOURCES : sources;
    }
  }

  Node[] children() {
    return children;
  }

  void children(Node[] sorted) {
    this.children = sorted.length == 0 ? NO_CHILDREN : sorted;
  }

  @Nullable Node child(String childName) {
    int low = 0;
    int high = children.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = children[middle].name.compareTo(childName);
      if (order == 0) {
        return children[middle];
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  void removeChild(Node gone) {
    children(Arrays.stream(children).filter(child -> child != gone).toArray(Node[]::new));
  }
}
