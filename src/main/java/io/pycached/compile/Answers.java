package io.pycached.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.fs.FileStamp;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What executables said when they were asked who they are, for as long as they are the same files:
 * in this run, and by {@link #save} and {@link #load} in the next one. Safe for use by any thread.
 */
public final class Answers {
  private static final int MAX_ANSWERS = 500;

  private final Cache<Identity, Probe.Finding> findings =
      Caffeine.newBuilder().maximumSize(MAX_ANSWERS).executor(Runnable::run).build();

  /** What was said in an earlier run, encoded, by the text of who said it. */
  private volatile Map<String, String> earlier = Map.of();

  /** An executable in one state. */
  record Identity(Candidate candidate, FileStamp stamp) {
    static Identity of(Candidate candidate) throws IOException {
      return new Identity(candidate, FileStamp.following(candidate.real()));
    }

    /** The same in another run, if it is the same file in the same state. */
    private String text() {
      return "%s %s %s %d %s"
          .formatted(
              encode(RawPath.of(candidate.executable())),
              encode(RawPath.of(candidate.real())),
              encode(stamp.key().toString()),
              stamp.size(),
              stamp.mtime());
    }
  }

  /** {@return what an executable said; nothing if it has to be asked} */
  Optional<Probe.Finding> of(Identity identity) {
    Probe.Finding known = findings.getIfPresent(identity);
    if (known != null) {
      return Optional.of(known);
    }
    String said = earlier.get(identity.text());
    if (said == null) {
      return Optional.empty();
    }
    try {
      Probe.Finding finding =
          Probe.understand(identity.candidate(), URLDecoder.decode(said, ISO_8859_1));
      findings.put(identity, finding);
      return Optional.of(finding);
    } catch (IOException | IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  void put(Identity identity, Probe.Finding finding) {
    findings.put(identity, finding);
  }

  void forget(Path executable) {
    String start = encode(RawPath.of(executable)) + ' ';
    earlier =
        earlier.entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith(start))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    findings
        .asMap()
        .keySet()
        .removeIf(identity -> identity.candidate().executable().equals(executable));
  }

  /**
   * {@return what interpreters said, for {@link #load}: a line for each} Also what those said that
   * are too old, which need not be asked at each start. Without what is no interpreter, and without
   * scripts around one: those may be around another one the next time.
   */
  public String save() {
    return findings.asMap().entrySet().stream()
        .filter(entry -> !entry.getValue().said().isEmpty())
        .filter(entry -> entry.getValue().real().equals(entry.getKey().candidate().real()))
        .map(entry -> entry.getKey().text() + ' ' + encode(entry.getValue().said()) + '\n')
        .sorted()
        .collect(Collectors.joining());
  }

  /** Takes what {@link #save} returned. Lines that say nothing are passed over. */
  public void load(String saved) {
    earlier =
        saved
            .lines()
            .filter(line -> line.indexOf(' ') >= 0)
            .limit(MAX_ANSWERS)
            .collect(
                Collectors.toUnmodifiableMap(
                    line -> line.substring(0, line.lastIndexOf(' ')),
                    line -> line.substring(line.lastIndexOf(' ') + 1),
                    (one, other) -> other));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, ISO_8859_1);
  }
}
