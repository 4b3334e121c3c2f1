package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The parameters of one request, from its query and its JSON body, as raw strings: one character a
 * byte, so that a path survives that is not UTF-8.
 *
 * <p>In a query everything but {@code & = %} stands for itself (RFC 3986; a plus is a plus, as in
 * {@code c++}). A body is an object whose values are strings, arrays of strings and booleans; a
 * path that is not UTF-8 comes there as {@code path_base64}.
 */
final class Parameters {
  /** Bound on the values of one request. */
  static final int MAX_VALUES = 1_000;

  private static final String BASE64 = "_base64";

  private final Set<String> allowed;
  private final Map<String, List<String>> values = new TreeMap<>();
  private int count;

  /** Takes no other names than {@code allowed}: a misspelt {@code dry_run} must not delete. */
  Parameters(Set<String> allowed) {
    this.allowed = allowed;
  }

  void addQuery(String query) throws BadRequestException {
    if (query.isEmpty()) {
      return;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new BadRequestException("not NAME=VALUE in the query: " + pair);
      }
      add(percentDecode(pair.substring(0, equals)), percentDecode(pair.substring(equals + 1)));
    }
  }

  void addBody(byte[] json) throws BadRequestException {
    if (json.length == 0) {
      return;
    }
    try (JsonReader reader =
        new JsonReader(
            new StringReader(UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString()))) {
      reader.setStrictness(Strictness.STRICT);
      reader.beginObject();
      while (reader.hasNext()) {
        addValue(reader.nextName(), reader);
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new BadRequestException("the body goes on after its JSON object");
      }
    } catch (CharacterCodingException malformed) {
      throw new BadRequestException("the body is not UTF-8");
    } catch (IOException | IllegalStateException | IllegalArgumentException malformed) {
      throw new BadRequestException("the body is not a JSON object of strings and booleans");
    }
  }

  private void addValue(String name, JsonReader reader) throws IOException, BadRequestException {
    switch (reader.peek()) {
      case BOOLEAN -> add(name, Boolean.toString(reader.nextBoolean()));
      case BEGIN_ARRAY -> {
        reader.beginArray();
        while (reader.hasNext()) {
          addString(name, reader);
        }
        reader.endArray();
      }
      default -> addString(name, reader);
    }
  }

  private void addString(String name, JsonReader reader) throws IOException, BadRequestException {
    if (reader.peek() != JsonToken.STRING) {
      throw new BadRequestException(name + ": not a string or a boolean");
    }
    String text = reader.nextString();
    if (name.endsWith(BASE64)) {
      byte[] bytes = Base64.getDecoder().decode(text);
      add(name.substring(0, name.length() - BASE64.length()), new String(bytes, ISO_8859_1));
    } else {
      add(name, new String(text.getBytes(UTF_8), ISO_8859_1));
    }
  }

  private void add(String name, String value) throws BadRequestException {
    if (!allowed.contains(name)) {
      throw new BadRequestException("unknown parameter: " + RawPath.display(name));
    }
    if (++count > MAX_VALUES) {
      throw new BadRequestException("more than " + MAX_VALUES + " parameters");
    }
    values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  /** {@return the absolute paths named {@code name}, in the client's order} */
  List<Path> paths(String name, FileSystem fileSystem) throws BadRequestException {
    List<Path> paths = new ArrayList<>();
    for (String raw : values.getOrDefault(name, List.of())) {
      if (!raw.startsWith("/")) {
        throw new BadRequestException(name + ": not an absolute path: " + RawPath.display(raw));
      }
      if (raw.indexOf('\0') >= 0) {
        throw new BadRequestException(name + ": holds a NUL");
      }
      paths.add(RawPath.toPath(fileSystem, raw));
    }
    return paths;
  }

  /** {@return the values named {@code name}, which must be UTF-8} */
  List<String> texts(String name) throws BadRequestException {
    List<String> texts = new ArrayList<>();
    for (String raw : values.getOrDefault(name, List.of())) {
      if (raw.isEmpty() || !RawPath.isUtf8(raw)) {
        throw new BadRequestException(name + ": empty or not UTF-8");
      }
      texts.add(new String(raw.getBytes(ISO_8859_1), UTF_8));
    }
    return texts;
  }

  /** {@return whether {@code name} is true; absent is false} */
  boolean flag(String name) throws BadRequestException {
    List<String> given = values.getOrDefault(name, List.of("false"));
    if (given.size() == 1 && given.get(0).equals("true")) {
      return true;
    }
    if (given.size() == 1 && given.get(0).equals("false")) {
      return false;
    }
    throw new BadRequestException(name + ": not true or false, once");
  }

  private static String percentDecode(String encoded) throws BadRequestException {
    StringBuilder raw = new StringBuilder(encoded.length());
    int at = 0;
    while (at < encoded.length()) {
      char c = encoded.charAt(at);
      if (c >= 0x80) {
        throw new BadRequestException("the query is not ASCII; percent-encode its bytes");
      }
      if (c != '%') {
        raw.append(c);
        at++;
        continue;
      }
      if (at + 3 > encoded.length()
          || !HexFormat.isHexDigit(encoded.charAt(at + 1))
          || !HexFormat.isHexDigit(encoded.charAt(at + 2))) {
        throw new BadRequestException("not a percent-encoded query");
      }
      raw.append((char) HexFormat.fromHexDigits(encoded, at + 1, at + 3));
      at += 3;
    }
    return raw.toString();
  }
}
