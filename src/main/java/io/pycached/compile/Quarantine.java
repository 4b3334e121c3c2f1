package io.pycached.compile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.fs.FileStamp;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The sources that ended a worker, each for one dialect, until they change. Bounded: what falls out
 * is tried again. Safe for use by any thread.
 */
final class Quarantine {
  private static final Comparator<QuarantinedSource> ORDER =
      Comparator.comparing(QuarantinedSource::path)
          .thenComparing(source -> source.dialect().cacheTag())
          .thenComparing(source -> source.dialect().magic());

  private record Subject(Path path, Interpreter.Dialect dialect) {}

  private record Entry(FileStamp stamp, QuarantinedSource source) {}

  private final Cache<Subject, Entry> entries;
  private final InstantSource clock;

  Quarantine(int most, InstantSource clock) {
    this.entries = Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
    this.clock = clock;
  }

  /** {@return why a request's source is left alone; empty if it is not, or has changed since} */
  Optional<String> reason(CompileRequest request) {
    Subject subject = subject(request);
    Entry entry = entries.getIfPresent(subject);
    if (entry == null) {
      return Optional.empty();
    }
    if (!entry.stamp().equals(request.key().stamp())) {
      entries.asMap().remove(subject, entry);
      return Optional.empty();
    }
    return Optional.of(entry.source().reason());
  }

  void add(CompileRequest request, String reason) {
    Subject subject = subject(request);
    QuarantinedSource source =
        new QuarantinedSource(subject.path(), subject.dialect(), reason, clock.instant());
    entries.put(subject, new Entry(request.key().stamp(), source));
  }

  List<QuarantinedSource> sources() {
    return entries.asMap().values().stream().map(Entry::source).sorted(ORDER).toList();
  }

  private static Subject subject(CompileRequest request) {
    return new Subject(request.key().path(), request.interpreter().dialect());
  }
}
