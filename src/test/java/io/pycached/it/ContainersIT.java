package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.it.Claims.Runner;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image, and what config/docker says to do with it, by podman. A volume for each test; the
 * image is built once, by the commands of config/docker/README.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContainersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LOADED = "# code object from '/var/cache/pycached";

  /** Behind the limits of pycached.toml: a sidecar that reacts at once. */
  private static final String QUICK =
      """
      orphan-grace = "0s"
      mass-deletion = 1.0
      [watch]
      debounce = "20ms"
      root-check = "200ms"
      full-survey = "1s"
      """;

  @TempDir static Path top;
  private Podman podman;
  private Path checkout;
  private List<String> blocks;
  private String volume;

  @BeforeAll
  void build() throws Exception {
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
    podman = Podman.in(Files.createDirectory(top.resolve("p")));
    checkout = checkout();
    blocks = Claims.of(Runner.CONTAINERS).stream().map(Block::script).toList();
    podman.standForPython("3.12", "3.13");
    // That of the README; ClaimsTest sees to it that the others say the same.
    podman.shell(block("sh config/docker/layout"), checkout);
  }

  @AfterAll
  void remove() throws IOException {
    if (podman != null) {
      podman.close();
    }
  }

  @BeforeEach
  void nameVolume(TestInfo info) {
    volume = "bytecode-" + info.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
  }

  /** What commands need of a checkout: its container files, and the distribution where it is. */
  private Path checkout() throws IOException {
    Path copy = Files.createDirectory(top.resolve("checkout"));
    Path config = Path.of("config").toAbsolutePath();
    for (Path each : Site.below(config)) {
      Path target = copy.resolve("config").resolve(config.relativize(each).toString());
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createDirectory(copy.resolve("target"));
    Files.createSymbolicLink(copy.resolve("target/pycached"), Pycached.distribution());
    // The standard library takes longer to compile than all else here.
    Path settings = copy.resolve("config/docker/build.toml");
    String text = Files.readString(settings);
    Files.writeString(settings, text.substring(0, text.lastIndexOf("[[project]]")));
    return copy;
  }

  private String block(String part) {
    List<String> matching = blocks.stream().filter(each -> each.contains(part)).toList();
    assertThat(matching).as("blocks with %s", part).hasSize(1);
    return matching.get(0);
  }

  @Test
  void readme_everyBlockOfCommands_runs() throws Exception {
    for (String block : blocks) {
      if (block.contains("python") || block.contains("app.Containerfile")) {
        assertThat(podman.shell(block, checkout, "3.12")).endsWith("\n7");
      } else if (!block.contains("docker build -t pycached")) {
        podman.shell(block, checkout);
        if (block.contains("docker run -d")) {
          awaitHealthy("pycached");
        }
      }
    }
    assertThat(podman.run("podman", "ps", "--all", "--quiet")).isEmpty();
  }

  @Test
  void image_holdsNoShellAndNoPython_andIsSmall() throws Exception {
    long bytes =
        Long.parseLong(
            podman.run("podman", "image", "inspect", "pycached", "--format", "{{.Size}}"));
    assertThat(bytes).isLessThan(100_000_000L);
    assertThat(podman.run("podman", "run", "--rm", "pycached", "--version"))
        .startsWith("pycached ");
    assertThat(podman.command("podman", "run", "--rm", "--entrypoint", "sh", "pycached").err())
        .contains("executable file not found");
    assertThat(podman.command("podman", "run", "--rm", "--entrypoint", "python3", "pycached").err())
        .contains("executable file not found");
  }

  /**
   * Names on disk are bytes, and a JVM without a locale shows others than ASCII ones as {@code ?}.
   */
  @Test
  void doctor_inTheImage_findsNothingAmiss() throws Exception {
    try (Sidecar sidecar = sidecar("pycached", List.of())) {
      assertThat(sidecar.exec("doctor")).doesNotContain("WARNING").doesNotContain("PROBLEM");
    }
  }

  @Test
  void compose_twoPythonsOnOneVolume_importFromItOnTheSecondStart() throws Exception {
    Compose compose = Compose.read(checkout.resolve("config/docker/compose.yaml"));
    try (Sidecar sidecar = sidecar(compose)) {
      for (String service : List.of("web", "jobs")) {
        assertThat(start(compose, service))
            .doesNotContain(LOADED)
            .doesNotContain("could not create");
      }
      String web = start(compose, "web");
      String jobs = start(compose, "jobs");
      assertThat(web).contains(LOADED + "/srv/web/orders.cpython-312.pyc'");
      assertThat(jobs).contains(LOADED + "/srv/jobs/reports.cpython-313.pyc'");
      for (String second : List.of(web, jobs)) {
        assertThat(second).contains(LOADED + "/usr/local/lib/python3.");
        assertThat(second).doesNotContain("# created").doesNotContain("could not create");
      }

      List<Path> kept = bytecode();
      sidecar.awaitStatus(
          status -> {
            assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(1);
            assertThat(unclaimed(status)).isEqualTo(kept.size() - 1);
            assertThat(status.get("state").getAsString()).isEqualTo("ready");
            assertThat(PycachedDaemon.problems(status)).isEmpty();
          });
      assertThat(sidecar.exec("status"))
          .contains("no interpreter found")
          .contains("sources are not seen here, which does not say that they are gone");
      // Neither the sources of jobs nor any interpreter is there, and all is kept.
      assertThat(sidecar.json("prune").getAsJsonObject("deleted").get("files").getAsLong())
          .isZero();
      assertThat(bytecode()).isEqualTo(kept);
      assertThat(owners()).containsExactlyInAnyOrder(1000, 1001);
    }
  }

  @Test
  void compose_whatIsAbandoned_goesIfItsSourceIsSeenToBeGoneOrByItsAge() throws Exception {
    Path copy = Files.createDirectory(top.resolve("abandoned"));
    Path docker = checkout.resolve("config/docker");
    for (Path each : Site.below(docker)) {
      Files.copy(each, copy.resolve(docker.relativize(each).toString()));
    }
    Files.writeString(copy.resolve("pycached.toml"), QUICK, StandardOpenOption.APPEND);
    Compose compose = Compose.read(copy.resolve("compose.yaml"));
    try (Sidecar sidecar = sidecar(compose)) {
      start(compose, "web");
      start(compose, "jobs");
      Path mirrors = podman.volume(volume);
      Path gone = mirrors.resolve("srv/web/orders.cpython-312.pyc");
      Path unseen = mirrors.resolve("srv/jobs/reports.cpython-313.pyc");
      assertThat(List.of(gone, unseen)).allSatisfy(file -> assertThat(file).exists());
      Files.delete(copy.resolve("web/orders.py"));
      Files.delete(copy.resolve("jobs/reports.py"));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(gone).doesNotExist());
      assertThat(sidecar.exec("why", "/srv/jobs/reports.py")).contains("unverifiable");
      assertThat(unseen).exists();

      // As if the image of jobs had been removed long ago.
      List<Path> others = new ArrayList<>(bytecode());
      others.remove(unseen);
      podman.run("touch", "--date=40 days ago", unseen.toString());
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(unseen).doesNotExist());
      assertThat(bytecode()).isEqualTo(others);
      assertThat(sidecar.exec("events"))
          .containsPattern("source-missing +/var/cache/pycached/srv/web/orders")
          .containsPattern("max-age +/var/cache/pycached/srv/jobs/reports");
    }
  }

  /** A volume as Kubernetes makes it for fsGroup: root's, and open to the group. */
  @Test
  void kubernetes_cronJobOnAVolumeOfManyPods_prunesIt() throws Exception {
    Manifests manifests = Manifests.read(checkout.resolve("config/kubernetes/cronjob.yaml"));
    Map<?, ?> job = Manifests.containers(manifests.pods().get(0)).get(0);
    Path config = Files.createDirectory(top.resolve("config-map"));
    Files.writeString(
        config.resolve("pycached.toml"),
        Compose.word(Manifests.at(manifests.object("ConfigMap"), "data").get("pycached.toml")));
    podman.run("podman", "volume", "create", volume);
    Path root = podman.volume(volume);
    podman.run("chown", "root:10001", root.toString());
    podman.run("chmod", "2775", root.toString());
    Compose compose = Compose.read(checkout.resolve("config/docker/compose.yaml"));
    String prefix = "--env=PYTHONPYCACHEPREFIX=/var/cache/pycached/prefix";
    assertThat(start(compose, "web", prefix)).doesNotContain("could not create");
    Path old = root.resolve("prefix/srv/web/orders.cpython-312.pyc");
    podman.run("touch", "--date=40 days ago", old.toString());

    List<String> command =
        new ArrayList<>(List.of("podman", "run", "--rm", "--read-only", "--read-only-tmpfs=false"));
    command.addAll(List.of("--cap-drop", "ALL", "--user", "10001:10001", "--memory", "128m"));
    command.addAll(List.of("--volume", volume + ":/var/cache/pycached"));
    command.addAll(List.of("--volume", config + ":/etc/pycached:ro", "pycached"));
    Compose.list(job.get("args")).forEach(word -> command.add(word.toString()));
    JsonObject report =
        JsonParser.parseString(podman.run(command.toArray(new String[0]))).getAsJsonObject();
    assertThat(report.getAsJsonObject("deleted").get("files").getAsLong()).isEqualTo(1);
    assertThat(old).doesNotExist();
    assertThat(bytecode()).isNotEmpty();
  }

  @Test
  void stop_ofARunningSidecar_takesLessThanTwoSeconds() throws Exception {
    try (Sidecar sidecar = sidecar("pycached", List.of())) {
      long start = System.nanoTime();
      podman.run("podman", "stop", sidecar.id());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(
              podman.run(
                  "podman",
                  "inspect",
                  sidecar.id(),
                  "--format",
                  "{{.State.ExitCode}} {{.State.OOMKilled}}"))
          .isEqualTo("0 false");
    }
  }

  /** A container of the image that is ready. */
  private record Sidecar(Podman podman, String id) implements AutoCloseable {
    String exec(String... words) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("podman", "exec", id, "pycached"));
      command.addAll(List.of(words));
      return podman.run(command.toArray(new String[0]));
    }

    JsonObject json(String command) throws IOException, InterruptedException {
      return JsonParser.parseString(exec(command, "-o", "json")).getAsJsonObject();
    }

    void awaitStatus(Consumer<JsonObject> assertions) {
      await().atMost(PATIENCE).untilAsserted(() -> assertions.accept(json("status")));
    }

    @Override
    public void close() throws IOException {
      podman.end("rm", "--force", "--time", "0", id);
    }
  }

  private Sidecar sidecar(Compose compose) throws Exception {
    assertThat(compose.image("pycached")).isEqualTo("pycached");
    return sidecar("pycached", options(compose, "pycached"));
  }

  private Sidecar sidecar(String image, List<String> options) throws Exception {
    List<String> command = new ArrayList<>(List.of("podman", "run", "--detach"));
    command.addAll(options);
    command.add(image);
    Sidecar sidecar = new Sidecar(podman, podman.run(command.toArray(new String[0])));
    awaitHealthy(sidecar.id());
    return sidecar;
  }

  /** By the check that the image brings. */
  private void awaitHealthy(String container) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(podman.command("podman", "healthcheck", "run", container))
                    .satisfies(
                        check ->
                            assertThat(check.status())
                                .as(
                                    "%s %s",
                                    check, podman.command("podman", "logs", container).err())
                                .isZero()));
  }

  private List<String> options(Compose compose, String service) {
    return compose.options(service).stream()
        .map(option -> option.replace("bytecode:", volume + ":"))
        .toList();
  }

  /** What an application says from its start to its end. */
  private String start(Compose compose, String service, String... more) throws Exception {
    String image = compose.image(service);
    List<String> command =
        new ArrayList<>(List.of("podman", "run", "--rm", "--env", "PYTHONVERBOSE=1"));
    command.addAll(options(compose, service));
    command.addAll(List.of(more));
    for (String mount :
        Podman.python(image.substring(image.indexOf(':') + 1, image.indexOf('-')))) {
      command.addAll(List.of("--volume", mount));
    }
    command.add(image);
    command.addAll(compose.command(service));
    Pycached.Result result = podman.command(command.toArray(new String[0]));
    assertThat(result.status()).as(result.err()).isZero();
    return result.err();
  }

  private static long unclaimed(JsonObject status) {
    return PycachedDaemon.files(status.getAsJsonObject("unclaimed"), "unverifiable");
  }

  private List<Path> bytecode() throws IOException, InterruptedException {
    return Site.below(podman.volume(volume)).stream()
        .filter(path -> path.toString().endsWith(".pyc"))
        .toList();
  }

  private List<Object> owners() throws IOException, InterruptedException {
    List<Object> owners = new ArrayList<>();
    for (Path file : bytecode()) {
      owners.add(Files.getAttribute(file, "unix:uid"));
    }
    try (Stream<Object> distinct = owners.stream().distinct()) {
      return distinct.toList();
    }
  }
}
