package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.policy.Bounds;
import io.pycached.policy.UseClock;
import io.pycached.reconcile.Footprint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the prefix may hold, and holds.
 *
 * @param clock what tells when a file was last used
 * @param counted what was there when it was last counted; nothing if nothing is bounded
 */
public record LimitsStatus(Bounds bounds, UseClock clock, Optional<Footprint> counted) {

  void writeJson(JsonWriter json) throws IOException {
    json.beginObject().name("clock").value(clock.label());
    json.name("bytes").value(counted.map(Footprint::bytes).orElse(null));
    json.name("files").value(counted.map(Footprint::files).orElse(null));
    json.name("max_bytes").value(boxed(bounds.maxBytes()));
    json.name("max_files").value(boxed(bounds.maxFiles()));
    json.name("max_age_seconds").value(bounds.maxAge().map(Duration::toSeconds).orElse(null));
    json.endObject();
  }

  private static @Nullable Long boxed(OptionalLong bound) {
    return bound.isPresent() ? bound.getAsLong() : null;
  }

  /** {@return the same for people, in one line} */
  String line() {
    List<String> words = new ArrayList<>();
    if (!bounds.any()) {
      words.add("none");
    }
    if (bounds.maxBytes().isPresent()) {
      words.add(
          used(Footprint::bytes, Text::size) + " of " + Text.size(bounds.maxBytes().getAsLong()));
    }
    if (bounds.maxFiles().isPresent()) {
      String most = Text.files(bounds.maxFiles().getAsLong());
      words.add(used(Footprint::files, Text::number) + " of " + most);
    }
    bounds.maxAge().ifPresent(most -> words.add("unused for " + Text.ago(most)));
    return String.join(", ", words) + "; clock of use: " + clock.label();
  }

  private String used(ToLongFunction<Footprint> what, LongFunction<String> shown) {
    return counted.map(there -> shown.apply(what.applyAsLong(there))).orElse("not yet counted");
  }
}
