package io.pycached.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;

/**
 * What a daemon's status says to a command that has more to do than print it.
 *
 * @param prefix as it was printed
 * @param problems each in a line
 */
public record ReceivedStatus(String version, String state, String prefix, List<String> problems) {

  /**
   * {@return the status in a document of {@code status -o json}}
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ReceivedStatus parse(String document) {
    try {
      JsonObject status = JsonParser.parseString(document).getAsJsonObject();
      List<String> problems = new ArrayList<>();
      for (JsonElement problem : status.getAsJsonArray("problems")) {
        JsonObject one = problem.getAsJsonObject();
        problems.add(one.get("code").getAsString() + ": " + one.get("message").getAsString());
      }
      return new ReceivedStatus(
          status.get("version").getAsString(),
          status.get("state").getAsString(),
          status.get("prefix").getAsString(),
          problems);
    } catch (JsonParseException | IllegalStateException | NullPointerException other) {
      throw new IllegalArgumentException("not the status of a daemon", other);
    }
  }
}
