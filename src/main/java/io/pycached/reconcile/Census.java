package io.pycached.reconcile;

import io.pycached.fs.FileStamp;
import io.pycached.policy.Bounds;
import io.pycached.policy.Candidate;
import io.pycached.policy.EvictionOrder;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Counts what mirrors take on disk, and finds the files that should go first. Hears surveys, from
 * several threads at once.
 *
 * <p>Of the candidates it keeps no more than {@link #MAX_CANDIDATES}, those that come first; if
 * they do not suffice, another census finds the next.
 */
final class Census implements ReconcileListener {
  /** At some 250 bytes each. */
  static final int MAX_CANDIDATES = 100_000;

  /** Files with more than one name whose inodes are remembered, so that each counts once. */
  private static final int MAX_LINKED = 100_000;

  private final EvictionOrder order;
  private final Instant now;
  private final long block;
  private final PriorityQueue<Candidate> candidates =
      new PriorityQueue<>(Collections.reverseOrder());
  private final Set<Object> linked = new HashSet<>();
  private long files;
  private long bytes;
  private boolean isCut;

  /**
   * @param block the bytes of a block of the prefix's file system
   */
  Census(EvictionOrder order, Instant now, long block) {
    this.order = order;
    this.now = now;
    this.block = block;
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    boolean claimed = territory instanceof Territory.OfProject;
    List<Candidate> found = new ArrayList<>();
    long sum = survey.mirror().map(stamp -> Footprint.blocks(stamp.size(), block)).orElse(0L);
    for (MirrorFile file : survey.files()) {
      Path path = survey.pair().mirror().resolve(file.name());
      long own = isFirstSeen(path, file.stamp()) ? Footprint.blocks(file.bytes(), block) : 0;
      sum += own;
      order.candidate(file, path, own, claimed, now).ifPresent(found::add);
    }
    add(survey.files().size(), sum, found);
  }

  private synchronized void add(int files, long bytes, List<Candidate> found) {
    this.files += files;
    this.bytes += bytes;
    for (Candidate candidate : found) {
      if (candidates.size() < MAX_CANDIDATES) {
        candidates.add(candidate);
      } else {
        isCut = true;
        if (candidate.compareTo(candidates.element()) < 0) {
          candidates.remove();
          candidates.add(candidate);
        }
      }
    }
  }

  /** Whether a file is met for the first time; of one with a single name, always. */
  private boolean isFirstSeen(Path path, FileStamp stamp) {
    try {
      Object links = Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
      return (int) links < 2 || isNew(stamp.key());
    } catch (IOException vanished) {
      return true;
    }
  }

  private synchronized boolean isNew(Object key) {
    return linked.size() >= MAX_LINKED || linked.add(key);
  }

  /** {@return what there is} */
  synchronized Footprint footprint() {
    return new Footprint(files, bytes);
  }

  /**
   * What is to go.
   *
   * @param reasons the files, each with the bound that it goes for
   * @param left what there is without them
   * @param hasMore whether there may be candidates that were not kept
   */
  record Choice(Map<Path, String> reasons, Footprint left, boolean hasMore) {}

  /** {@return the files that are to go for {@code bounds}} */
  synchronized Choice choose(Bounds bounds) {
    Map<Path, String> reasons = new HashMap<>();
    long leftFiles = files;
    long leftBytes = bytes;
    long fileTarget = files - bounds.excessFiles(files);
    long byteTarget = bytes - bounds.excessBytes(bytes);
    Optional<Instant> tooOld = bounds.maxAge().map(now::minus);
    for (Candidate candidate : candidates.stream().sorted().toList()) {
      if (tooOld.isPresent() && candidate.used().isBefore(tooOld.get())) {
        reasons.put(candidate.path(), "max-age");
      } else if (leftBytes > byteTarget) {
        reasons.put(candidate.path(), "max-size");
      } else if (leftFiles > fileTarget) {
        reasons.put(candidate.path(), "max-files");
      } else {
        continue;
      }
      leftFiles--;
      leftBytes -= candidate.bytes();
    }
    boolean all = reasons.size() == candidates.size();
    return new Choice(reasons, new Footprint(leftFiles, leftBytes), isCut && all);
  }
}
