package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The services of a Compose file as arguments of {@code docker run}: so a test does what the file
 * says. A key that is not known here fails.
 */
final class Compose {
  private final Path file;
  private final Map<?, ?> services;

  private Compose(Path file, Map<?, ?> services) {
    this.file = file;
    this.services = services;
  }

  static Compose read(Path file) throws IOException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    try (Reader in = Files.newBufferedReader(file)) {
      Map<?, ?> document = map(new Yaml(new SafeConstructor(strict)).load(in));
      return new Compose(file, map(document.get("services")));
    }
  }

  /** {@return the image of a service} */
  String image(String service) {
    return text(map(services.get(service)).get("image"));
  }

  /** {@return all that comes before the image, without what says when it starts and stops} */
  List<String> options(String service) {
    List<String> options = new ArrayList<>();
    map(services.get(service))
        .forEach((key, value) -> options.addAll(option(key.toString(), value)));
    return options;
  }

  private List<String> option(String key, Object value) {
    List<String> options = new ArrayList<>();
    switch (key) {
      case "image", "command", "restart", "stop_grace_period", "depends_on" -> {}
      case "read_only" -> {
        assertThat(value).isEqualTo(true);
        // Docker brings no file systems that may be written; podman would.
        options.addAll(List.of("--read-only", "--read-only-tmpfs=false"));
      }
      case "user" -> options.addAll(List.of("--user", text(value)));
      case "network_mode" -> options.addAll(List.of("--network", text(value)));
      case "mem_limit" -> options.addAll(List.of("--memory", text(value)));
      case "cap_drop" -> each("--cap-drop", value, options);
      case "security_opt" -> each("--security-opt", value, options);
      case "tmpfs" -> each("--tmpfs", value, options);
      case "volumes" ->
          list(value).forEach(each -> options.addAll(List.of("--volume", volume(text(each)))));
      case "environment" ->
          map(value).forEach((name, set) -> options.addAll(List.of("--env", name + "=" + set)));
      case "entrypoint" -> {
        // docker run takes one word; the others come before the command.
        options.addAll(List.of("--entrypoint", text(list(value).get(0))));
      }
      default -> throw new IllegalArgumentException("not known to this test: " + key);
    }
    return options;
  }

  /** {@return all that comes behind the image} */
  List<String> command(String service) {
    Map<?, ?> keys = map(services.get(service));
    List<String> words = new ArrayList<>();
    if (keys.containsKey("entrypoint")) {
      List<?> entrypoint = list(keys.get("entrypoint"));
      entrypoint.subList(1, entrypoint.size()).forEach(word -> words.add(text(word)));
    }
    if (keys.containsKey("command")) {
      list(keys.get("command")).forEach(word -> words.add(text(word)));
    }
    return words;
  }

  /** A path beside the file, or the name of a volume. */
  private String volume(String volume) {
    return volume.startsWith("./")
        ? Objects.requireNonNull(file.toAbsolutePath().getParent()) + volume.substring(1)
        : volume;
  }

  private static void each(String option, Object values, List<String> options) {
    list(values).forEach(value -> options.addAll(List.of(option, text(value))));
  }

  /** A dollar sign is written twice where Compose is not to put in a variable. */
  private static String text(@Nullable Object value) {
    return word(value).replace("$$", "$");
  }

  static Map<?, ?> map(@Nullable Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  static List<?> list(@Nullable Object value) {
    assertThat(value).isInstanceOf(List.class);
    return (List<?>) Objects.requireNonNull(value);
  }

  static String word(@Nullable Object value) {
    assertThat(value).isNotNull();
    return Objects.requireNonNull(value).toString();
  }
}
