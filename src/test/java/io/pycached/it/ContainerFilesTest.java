package io.pycached.it;

import static io.pycached.it.Compose.list;
import static io.pycached.it.Compose.map;
import static io.pycached.it.Manifests.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.audit.TrustedGroup;
import io.pycached.config.Defaults;
import io.pycached.config.Overrides;
import io.pycached.config.Settings;
import io.pycached.config.SettingsReader;
import io.pycached.config.Writers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What config/docker and config/kubernetes say, as far as it can be read without running it. */
final class ContainerFilesTest {
  private static final Path DOCKER = Path.of("config/docker");
  private static final Path KUBERNETES = Path.of("config/kubernetes");

  @TempDir Path directory;

  private static Settings settings(Path file) throws Exception {
    Defaults defaults = new Defaults(Path.of("/var/cache/pycached"), Path.of("/run/pycached/s"));
    return SettingsReader.ofNamedFile(file.toAbsolutePath(), defaults, Set.of())
        .read(Map.of(), Overrides.none());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pycached.toml", "web.toml", "build.toml"})
  void settings_ofDocker_areValid(String name) throws Exception {
    assertThat(settings(DOCKER.resolve(name)).prefix()).isAbsolute();
  }

  @Test
  void settings_ofTheSidecar_trustThoseWhoShareTheVolume() throws Exception {
    Settings.Trust trust = settings(DOCKER.resolve("pycached.toml")).trust();
    assertThat(trust.writers()).isEqualTo(Writers.USERS);
    TrustedGroup group = TrustedGroup.read(DOCKER, trust.trustedGroup().orElseThrow());
    assertThat(group.gid()).isEqualTo(10001);
    assertThat(group.members()).containsExactlyInAnyOrder(10001, 1000, 1001);
    Compose compose = Compose.read(DOCKER.resolve("compose.yaml"));
    for (String service : List.of("web", "jobs")) {
      List<String> options = compose.options(service);
      String[] user = options.get(options.indexOf("--user") + 1).split(":", -1);
      assertThat(group.members()).contains(Integer.parseInt(user[0]));
      assertThat(Integer.parseInt(user[1])).isEqualTo(group.gid());
      assertThat(compose.command(service).get(1)).startsWith("umask 002 ");
    }
  }

  @Test
  void settings_ofTheConfigMap_areValid() throws Exception {
    Map<?, ?> data =
        at(Manifests.read(KUBERNETES.resolve("cronjob.yaml")).object("ConfigMap"), "data");
    Path file = directory.resolve("pycached.toml");
    Files.writeString(file, Compose.word(data.get("pycached.toml")));
    assertThat(settings(file).prefix()).isEqualTo(Path.of("/var/cache/pycached/prefix"));
    assertThat(settings(file).limits().bounds().maxAge()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidecar.yaml", "cronjob.yaml"})
  void pods_ofKubernetes_runWithoutAnyRightThatTheyDoNotNeed(String name) throws IOException {
    Manifests manifests = Manifests.read(KUBERNETES.resolve(name));
    for (Map<?, ?> object : manifests.objects()) {
      assertThat(object.get("apiVersion")).asString().contains("v1");
      assertThat(at(object, "metadata").get("name")).asString().matches("[a-z-]+");
    }
    for (Map<?, ?> pod : manifests.pods()) {
      assertThat(pod.get("automountServiceAccountToken")).isEqualTo(false);
      assertThat(at(pod, "securityContext"))
          .isEqualTo(
              pod.containsKey("restartPolicy")
                  ? Map.of(
                      "runAsNonRoot",
                      true,
                      "fsGroup",
                      10001,
                      "fsGroupChangePolicy",
                      "OnRootMismatch",
                      "seccompProfile",
                      Map.of("type", "RuntimeDefault"))
                  : Map.of(
                      "runAsNonRoot",
                      true,
                      "fsGroup",
                      10001,
                      "seccompProfile",
                      Map.of("type", "RuntimeDefault")));
      for (Map<?, ?> container : Manifests.containers(pod)) {
        Map<?, ?> context = at(container, "securityContext");
        assertThat(context.get("runAsUser")).isIn(10001, 1000);
        assertThat(context.get("runAsGroup")).isEqualTo(10001);
        assertThat(context.get("allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(context.get("readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(context.get("capabilities")).isEqualTo(Map.of("drop", List.of("ALL")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidecar.yaml", "cronjob.yaml"})
  void mounts_ofKubernetes_haveTheirVolumes(String name) throws IOException {
    for (Map<?, ?> pod : Manifests.read(KUBERNETES.resolve(name)).pods()) {
      Set<Object> volumes =
          list(pod.get("volumes")).stream()
              .map(volume -> (Object) map(volume).get("name"))
              .collect(Collectors.toSet());
      for (Map<?, ?> container : Manifests.containers(pod)) {
        for (Object mount : list(container.get("volumeMounts"))) {
          assertThat(volumes).contains(map(mount).get("name"));
        }
      }
    }
  }

  /** A restart does not mend what is amiss: only a daemon that does not answer is not alive. */
  @Test
  void probes_ofTheSidecar_askWhatTheImagesHealthCheckAsks() throws IOException {
    Map<?, ?> pod = Manifests.read(KUBERNETES.resolve("sidecar.yaml")).pods().get(0);
    Map<?, ?> sidecar = Manifests.containers(pod).get(0);
    String alive = command(at(sidecar, "livenessProbe", "exec"));
    assertThat(alive).isEqualTo("/usr/bin/pycached status --check alive");
    assertThat(command(at(sidecar, "startupProbe", "exec")))
        .isEqualTo(alive.replace("alive", "ready"));
    assertThat(Files.readString(DOCKER.resolve("Containerfile")))
        .contains("CMD [\"" + alive.replace(" ", "\", \"") + "\"]");
  }

  private static String command(Map<?, ?> exec) {
    return list(exec.get("command")).stream()
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }
}
