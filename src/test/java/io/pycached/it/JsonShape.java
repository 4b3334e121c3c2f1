package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.util.Map;

/**
 * What programs rely on in a document: members and their types.
 *
 * <p>Written as JSON itself: an object has at least the members shown, each item of an array looks
 * like the one shown, and a string names a type: {@code text}, {@code whole}, {@code number},
 * {@code flag}, {@code instant}; with {@code ?} behind it, or null. {@code $TOTALS} stands for
 * files and bytes by state.
 */
final class JsonShape {
  private static final String COUNT = "{files: whole, bytes: whole}";
  private static final String TOTALS =
      "{fresh: @, stale: @, orphaned: @, corrupt: @, unverifiable: @, temporary: @, foreign: @}"
          .replace("@", COUNT);

  private JsonShape() {}

  static void assertShape(JsonElement actual, String shape) {
    String whole = shape.replace("$TOTALS", TOTALS).replace("$COUNT", COUNT);
    check("$", actual, JsonParser.parseString(whole));
  }

  private static void check(String where, JsonElement actual, JsonElement shape) {
    if (shape instanceof JsonObject object) {
      assertThat(actual).as(where).isInstanceOf(JsonObject.class);
      for (Map.Entry<String, JsonElement> member : object.entrySet()) {
        JsonElement value = ((JsonObject) actual).get(member.getKey());
        assertThat(value).as("%s.%s in %s", where, member.getKey(), actual).isNotNull();
        check(where + "." + member.getKey(), value, member.getValue());
      }
      return;
    }
    if (shape instanceof JsonArray array) {
      assertThat(actual).as(where).isInstanceOf(JsonArray.class);
      for (JsonElement item : (JsonArray) actual) {
        check(where + "[]", item, array.get(0));
      }
      return;
    }
    type(where, actual, shape.getAsString());
  }

  private static void type(String where, JsonElement actual, String type) {
    if (type.endsWith("?")) {
      if (!actual.isJsonNull()) {
        type(where, actual, type.substring(0, type.length() - 1));
      }
      return;
    }
    assertThat(actual).as("%s: %s", where, type).isInstanceOf(JsonPrimitive.class);
    JsonPrimitive value = actual.getAsJsonPrimitive();
    switch (type) {
      case "text" -> assertThat(value.isString()).as("%s is text", where).isTrue();
      case "flag" -> assertThat(value.isBoolean()).as("%s is a flag", where).isTrue();
      case "number" -> assertThat(value.isNumber()).as("%s is a number", where).isTrue();
      case "whole" -> assertThat(value.toString()).as(where).matches("-?[0-9]+");
      case "instant" -> assertThat(Instant.parse(value.getAsString())).as(where).isNotNull();
      default -> fail("no such type: " + type);
    }
  }
}
