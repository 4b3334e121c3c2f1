package io.pycached.reconcile;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceFile;
import io.pycached.survey.Survey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds files that are written again and again because sources with one path and different content
 * share the prefix: containers of several images, say. Each start of the one makes the other's
 * bytecode stale. Safe for use by any thread.
 *
 * <p>It hears of pairs in which something happened: a survey of everything would only fill its
 * memory with what is new. What is told apart is the size: a file that comes back to the size it
 * had before, while its source, as far as it can be seen, stays as it is, was not edited. Switching
 * between branches gives the sources new times, and editing them, too.
 */
public final class Rewrites implements ReconcileListener {
  /** How often a file must come back to a size that it had. */
  static final int TOO_OFTEN = 3;

  /** How long a file is remembered that nobody writes. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  /** How many files are remembered, those that were written last. */
  private static final int MAX_FILES = 10_000;

  private final InstantSource clock;
  private final Cache<Path, History> histories;

  /** Of the histories those that came back too often: everybody who asks how things are, asks. */
  private final Set<Path> often = ConcurrentHashMap.newKeySet();

  /**
   * @param size the last
   * @param before the one before that; negative if there was none
   * @param source as it was all the time, if it can be seen
   * @param returns how often the file came back to the size before
   * @param since when it was first seen to do so
   */
  private record History(
      long size, long before, Optional<FileStamp> source, int returns, Instant since) {

    History then(long next, Optional<FileStamp> seen, Instant now) {
      if (!seen.equals(source)) {
        return new History(next, -1, seen, 0, now);
      }
      if (next == before) {
        return new History(next, size, source, returns + 1, returns == 0 ? now : since);
      }
      return new History(next, size, source, returns, since);
    }
  }

  /**
   * The files that are written again and again.
   *
   * @param count how many there are
   * @param first the one with the least path
   * @param since from when on that one has been
   */
  public record Thrash(int count, Path first, Instant since) {}

  public Rewrites(InstantSource clock) {
    this.clock = clock;
    Ticker ticker = () -> clock.instant().toEpochMilli() * 1_000_000;
    this.histories =
        Caffeine.newBuilder()
            .maximumSize(MAX_FILES)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .evictionListener(
                (@Nullable Path path, @Nullable History gone, RemovalCause cause) ->
                    often.remove(requireNonNull(path)))
            .build();
  }

  @Override
  public void lookedAt(Territory territory, Survey survey) {
    Instant now = clock.instant();
    for (MirrorFile file : survey.files()) {
      if (file.meaning() instanceof MirrorName.Bytecode && isYoung(file, now)) {
        saw(survey.pair().mirror().resolve(file.name()), file, now);
      }
    }
  }

  private static boolean isYoung(MirrorFile file, Instant now) {
    return file.stamp().mtime().toInstant().plus(REMEMBERED).isAfter(now);
  }

  private void saw(Path path, MirrorFile file, Instant now) {
    Optional<FileStamp> source = file.source().map(SourceFile::stamp);
    History known = histories.getIfPresent(path);
    if (known == null || known.size() != file.bytes()) {
      History next =
          histories
              .asMap()
              .merge(
                  path,
                  new History(file.bytes(), -1, source, 0, now),
                  (old, first) -> old.then(file.bytes(), source, now));
      if (next.returns() >= TOO_OFTEN) {
        often.add(path);
      } else {
        often.remove(path);
      }
    }
  }

  /** {@return the files that are written again and again, if there are any} */
  public Optional<Thrash> thrash() {
    // The cache knows which of them have been left alone long enough meanwhile, and which it had
    // dropped just before they were added.
    often.removeIf(path -> !histories.asMap().containsKey(path));
    Map<Path, History> still = histories.getAllPresent(often);
    return still.entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .map(first -> new Thrash(still.size(), first.getKey(), first.getValue().since()));
  }
}
