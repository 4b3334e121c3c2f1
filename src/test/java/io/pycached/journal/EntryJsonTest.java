package io.pycached.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.apply.Outcome;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryJsonTest {
  private static final FileSystem FILES = FileSystems.getDefault();
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.600Z");
  private static final PycachePrefix PREFIX = new PycachePrefix(Path.of("/p"));
  private static final Path PYC = Path.of("/p/srv/a.cpython-312.pyc");

  private static Event event(Path path, Optional<Path> source, String evidence) {
    return new Event(AT, Event.Action.DELETE, path, source, "shop", "source-missing", 12, evidence);
  }

  private static String line(Entry entry) {
    return new String(EntryJson.encode(entry), UTF_8);
  }

  @Test
  void encode_event_isOneLineOfJson() {
    assertThat(line(event(PYC, Optional.of(Path.of("/srv/a.py")), "none of \"a.py\"\nis there")))
        .isEqualTo(
            """
            {"schema":1,"at":"2026-01-02T03:04:05.600Z","action":"delete","path":"/p/srv/a.cpython-312.pyc",\
            "source":"/srv/a.py","project":"shop","reason":"source-missing","bytes":12,\
            "evidence":"none of \\"a.py\\"\\nis there"}
            """);
  }

  @Test
  void encode_lost_isOneLineOfJson() {
    assertThat(line(new Lost(AT, 17)))
        .isEqualTo(
            "{\"schema\":1,\"at\":\"2026-01-02T03:04:05.600Z\",\"action\":\"lost\",\"events\":17}\n");
  }

  @Test
  void encode_nameThatIsNotUtf8_isEscapedAndWhole() {
    Path odd = Path.of(URI.create("file:///p/srv/%FF%C3%A9.cpython-312.pyc"));
    String line = line(event(odd, Optional.empty(), ""));
    assertThat(line)
        .contains("\"path\":\"/p/srv/\\\\xffé.cpython-312.pyc\",\"path_base64\":\"")
        .contains("\"source\":null");
    assertThat(EntryJson.decode(FILES, line.strip())).hasValue(event(odd, Optional.empty(), ""));
  }

  @ParameterizedTest
  @EnumSource(Event.Action.class)
  void decode_ofEncoded_isTheSame(Event.Action action) {
    Event event =
        new Event(AT, action, PYC, Optional.of(Path.of("/srv/é.py")), "ü", "mtime", 0, "a\u2028b");
    assertThat(EntryJson.decode(FILES, line(event).strip())).hasValue(event);
  }

  @Test
  void decode_ofALost_isTheSame() {
    assertThat(EntryJson.decode(FILES, line(new Lost(AT, 3)).strip())).hasValue(new Lost(AT, 3));
  }

  @Test
  void encode_endlessEvidence_isCut() {
    String line = line(event(PYC, Optional.empty(), "x".repeat(EntryJson.MAX_EVIDENCE + 1)));
    assertThat(((Event) EntryJson.decode(FILES, line.strip()).orElseThrow()).evidence())
        .isEqualTo("x".repeat(EntryJson.MAX_EVIDENCE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "17",
        "null",
        "{\"schema\":1,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"delete\",\"path\":\"/p/",
        "{\"schema\":2,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"lost\",\"events\":1}",
        "{\"schema\":1,\"at\":\"yesterday\",\"action\":\"lost\",\"events\":1}",
        "{\"schema\":1,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"burn\",\"events\":1}",
        "{\"schema\":1,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"lost\",\"events\":\"many\"}",
        "{\"schema\":1,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"lost\",\"events\":1}x",
        "{\"schema\":1,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"lost\",\"events\":{}}",
        "{\"schema\":1,\"at\":\"2026-01-02T03:04:05Z\",\"action\":\"lost\",\"e\u001b[2J\":1,\"events\":1}",
      })
  void decode_anythingElse_isNothing(String line) {
    assertThat(EntryJson.decode(FILES, line)).isEmpty();
  }

  @Test
  void of_outcomes_areTheChangesOfThePrefix() {
    Path source = Path.of("/srv/a.py");
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Deleted(PYC, "mtime", 7, "older")))
        .hasValue(
            new Event(
                AT, Event.Action.DELETE, PYC, Optional.of(source), "shop", "mtime", 7, "older"));
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Compiled(PYC, "size", 8, "longer")))
        .hasValue(
            new Event(
                AT, Event.Action.COMPILE, PYC, Optional.of(source), "shop", "size", 8, "longer"));
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Adopted(PYC, "missing", 9, "")))
        .hasValue(
            new Event(AT, Event.Action.ADOPT, PYC, Optional.of(source), "shop", "missing", 9, ""));
    Path mirror = Path.of("/p/srv");
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Removed(mirror)))
        .hasValue(
            new Event(AT, Event.Action.REMOVE, mirror, Optional.empty(), "shop", "empty", 0, ""));
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Skipped(PYC, "changed"))).isEmpty();
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Refused(source, "no", false))).isEmpty();
    assertThat(Event.of(AT, PREFIX, "shop", new Outcome.Failed(PYC, new IOException("full"))))
        .isEmpty();
  }
}
