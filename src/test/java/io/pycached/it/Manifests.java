package io.pycached.it;

import static io.pycached.it.Compose.list;
import static io.pycached.it.Compose.map;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The objects of a file for Kubernetes. */
final class Manifests {
  private final List<Map<?, ?>> objects;

  private Manifests(List<Map<?, ?>> objects) {
    this.objects = objects;
  }

  static Manifests read(Path file) throws IOException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<Map<?, ?>> objects = new ArrayList<>();
    try (Reader in = Files.newBufferedReader(file)) {
      for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(in)) {
        objects.add(map(document));
      }
    }
    return new Manifests(objects);
  }

  List<Map<?, ?>> objects() {
    return objects;
  }

  /** {@return the one object of this kind} */
  Map<?, ?> object(String kind) {
    return objects.stream()
        .filter(each -> kind.equals(each.get("kind")))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + kind));
  }

  /** {@return what all pods here are made of} */
  List<Map<?, ?>> pods() {
    List<Map<?, ?>> pods = new ArrayList<>();
    for (Map<?, ?> each : objects) {
      switch (Compose.word(each.get("kind"))) {
        case "Deployment" -> pods.add(at(each, "spec", "template", "spec"));
        case "CronJob" -> pods.add(at(each, "spec", "jobTemplate", "spec", "template", "spec"));
        default -> {}
      }
    }
    return pods;
  }

  /** {@return all containers of a pod, those first that start first} */
  static List<Map<?, ?>> containers(Map<?, ?> pod) {
    List<Map<?, ?>> containers = new ArrayList<>();
    for (String key : List.of("initContainers", "containers")) {
      if (pod.containsKey(key)) {
        list(pod.get(key)).forEach(each -> containers.add(map(each)));
      }
    }
    return containers;
  }

  /** {@return the mapping at the end of these keys} */
  static Map<?, ?> at(Map<?, ?> object, String... keys) {
    Map<?, ?> found = object;
    for (String key : keys) {
      found = map(found.get(key));
    }
    return found;
  }
}
