package io.pycached.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/*
 * {"schema":1,"at":"2026-01-02T03:04:05.6Z","action":"delete","path":"/p/srv/a.cpython-312.pyc",
 *  "source":"/srv/a.py","project":"shop","reason":"source-missing","bytes":1234,"evidence":"…"}
 * {"schema":1,"at":"2026-01-02T03:04:05.6Z","action":"lost","events":17}
 *
 * Beside a path that is not UTF-8, where it is escaped, stands the whole of it: "path_base64".
 * "source" is null where nobody knows.
 */
/** The lines of the journal: what they are written as, and read from. */
final class EntryJson {
  /** Bound on the evidence, in characters; it is words, and names of bounded length. */
  static final int MAX_EVIDENCE = 4_096;

  private static final int SCHEMA = 1;
  private static final String LOST = "lost";

  private EntryJson() {}

  /** {@return the line of {@code entry}, with its line feed} */
  static byte[] encode(Entry entry) {
    StringWriter line = new StringWriter(512);
    JsonWriter json = new JsonWriter(line);
    json.setHtmlSafe(false);
    try {
      json.beginObject().name("schema").value(SCHEMA).name("at").value(entry.at().toString());
      if (entry instanceof Event event) {
        members(json, event);
      } else if (entry instanceof Lost lost) {
        json.name("action").value(LOST).name("events").value(lost.events());
      }
      json.endObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return line.append('\n').toString().getBytes(UTF_8);
  }

  private static void members(JsonWriter json, Event event) throws IOException {
    json.name("action").value(event.action().label());
    path(json, "path", event.path());
    if (event.source().isPresent()) {
      path(json, "source", event.source().get());
    } else {
      json.name("source").nullValue();
    }
    json.name("project").value(event.project());
    json.name("reason").value(event.reason());
    json.name("bytes").value(event.bytes());
    String evidence = event.evidence();
    json.name("evidence").value(evidence.substring(0, Math.min(evidence.length(), MAX_EVIDENCE)));
  }

  private static void path(JsonWriter json, String name, Path path) throws IOException {
    String raw = RawPath.of(path);
    json.name(name).value(RawPath.display(raw));
    if (!RawPath.isUtf8(raw)) {
      json.name(name + "_base64")
          .value(Base64.getEncoder().encodeToString(raw.getBytes(ISO_8859_1)));
    }
  }

  /** {@return what {@code line} tells; nothing if it is not a line that this version writes} */
  static Optional<Entry> decode(FileSystem fileSystem, String line) {
    if (line.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    try {
      Map<String, String> members = members(line);
      if (!text(members, "schema").equals(Integer.toString(SCHEMA))) {
        return Optional.empty();
      }
      Instant at = Instant.parse(text(members, "at"));
      String action = text(members, "action");
      if (action.equals(LOST)) {
        return Optional.of(new Lost(at, Long.parseLong(text(members, "events"))));
      }
      Optional<Event.Action> known = Event.Action.of(action);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Event(
              at,
              known.get(),
              path(fileSystem, members, "path"),
              members.containsKey("source")
                  ? Optional.of(path(fileSystem, members, "source"))
                  : Optional.empty(),
              text(members, "project"),
              text(members, "reason"),
              Long.parseLong(text(members, "bytes")),
              text(members, "evidence")));
    } catch (IOException
        | IllegalStateException
        | DateTimeException
        | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /** The members that are not null; an object has no others here. */
  private static Map<String, String> members(String line) throws IOException {
    Map<String, String> members = new HashMap<>();
    try (JsonReader json = new JsonReader(new StringReader(line))) {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (json.peek() == JsonToken.NULL) {
          json.nextNull();
        } else {
          members.put(name, json.nextString());
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedJsonException("something behind the object");
      }
    }
    return members;
  }

  private static String text(Map<String, String> members, String name) throws IOException {
    String text = members.get(name);
    if (text == null) {
      throw new MalformedJsonException("no " + name);
    }
    return text;
  }

  private static Path path(FileSystem fileSystem, Map<String, String> members, String name)
      throws IOException {
    String whole = members.get(name + "_base64");
    byte[] bytes =
        whole == null ? text(members, name).getBytes(UTF_8) : Base64.getDecoder().decode(whole);
    return RawPath.toPath(fileSystem, new String(bytes, ISO_8859_1));
  }
}
