package io.pycached.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A project called {@code shop}, a prefix, a configuration and a socket in one directory, and a
 * CPython 3.12 that compiles into the prefix.
 */
public final class Site {
  /** A daemon that reacts at once, for tests, and does not mind how much goes at once. */
  private static final String QUICK =
      """
      [limits]
      orphan-grace = "0s"
      temporary-age = "1s"
      mass-deletion = 1.0
      [watch]
      debounce = "20ms"
      root-check = "200ms"
      """;

  /** Started with -B, so that what the interpreter needs for itself is not in the prefix. */
  private static final String IMPORT =
      """
      import sys
      sys.path.insert(0, sys.argv[1])
      sys.dont_write_bytecode = False
      for name in sys.argv[2].split(','):
          __import__(name)
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path top;
  private final Path python;

  private Site(Path top, Path python) {
    this.top = top;
    this.python = python;
  }

  /** {@return a site with an empty project} */
  public static Site in(Path top) throws IOException {
    Site site = new Site(top.toRealPath(), Interpreter.require("3.12"));
    Files.createDirectory(site.root());
    site.configure(site.project("shop", site.root()));
    return site;
  }

  /** {@return the directory that holds all} */
  public Path top() {
    return top;
  }

  /** {@return the project's root} */
  public Path root() {
    return top.resolve("src");
  }

  public Path prefix() {
    return top.resolve("p");
  }

  public Path socket() {
    return top.resolve("s");
  }

  public Path config() {
    return top.resolve("c.toml");
  }

  /** {@return a project's table in the configuration} */
  public String project(String name, Path path) {
    return "[[project]]\nname = \"%s\"\npath = \"%s\"\n".formatted(name, path);
  }

  /** {@return the table of the configuration that has the daemon use the site's interpreter} */
  public String interpreter() {
    return "[interpreters]\ndiscover = false\nexecutables = [\"%s\"]\n".formatted(python);
  }

  /**
   * Writes the configuration: these tables, and what makes a daemon quick. Unless they name an
   * interpreter, none is looked for: each takes its time in each start.
   */
  public void configure(String... tables) throws IOException {
    configureAll("", tables);
  }

  /** The same, with more settings of the admin endpoint. */
  public void configureAll(String admin, String... tables) throws IOException {
    String head =
        "prefix = \"%s\"\n[admin]\nsocket = \"%s\"\n%s\n".formatted(prefix(), socket(), admin);
    String said = String.join("\n", tables);
    String interpreters =
        said.contains("[interpreters]") ? "" : "[interpreters]\ndiscover = false\n";
    Files.writeString(config(), head + said + QUICK + interpreters);
  }

  /** Writes a source, named by its raw path below the root. */
  public Path source(String name, String text) throws IOException {
    Path source = root().resolve(RawPath.toPath(root().getFileSystem(), name));
    Files.createDirectories(Objects.requireNonNull(source.getParent()));
    return Files.writeString(source, text);
  }

  /**
   * Has the interpreter compile a tree into the prefix. By force: by itself compileall takes
   * bytecode for fresh whose source was edited again within a second.
   */
  public void compile(Path tree) throws IOException, InterruptedException {
    python(List.of("-m", "compileall", "-q", "-f", tree.toString()));
  }

  /** Has the interpreter compile the project into the prefix. */
  public void compile() throws IOException, InterruptedException {
    compile(root());
  }

  /** {@return what the interpreter prints, raw} */
  public String python(List<String> arguments) throws IOException, InterruptedException {
    return python(arguments, "");
  }

  /** The same, with raw standard input. */
  public String python(List<String> arguments, String input)
      throws IOException, InterruptedException {
    List<String> command = pythonCommand(arguments);
    Pycached.Result result = Pycached.run(command, pythonEnvironment(), input.getBytes(ISO_8859_1));
    assertThat(result.err()).as("what %s says", command).isEmpty();
    return result.rawOut();
  }

  /** Has the interpreter import modules from the project, and write their bytecode. */
  public void importing(String directory, String... modules)
      throws IOException, InterruptedException {
    python(List.of("-c", IMPORT, root().resolve(directory).toString(), String.join(",", modules)));
  }

  /** {@return the interpreter at work; the caller ends it} */
  public Process startPython(List<String> arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(pythonCommand(arguments));
    builder.environment().clear();
    builder.environment().putAll(pythonEnvironment());
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private List<String> pythonCommand(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-B"));
    command.addAll(arguments);
    return command;
  }

  private Map<String, String> pythonEnvironment() {
    Map<String, String> environment = new TreeMap<>(Pycached.bareEnvironment());
    environment.put("PYTHONPYCACHEPREFIX", prefix().toString());
    return environment;
  }

  /** {@return the bytecode file of a source of the project, named by its path below the root} */
  public Path bytecode(String source) {
    return bytecode(root().resolve(source));
  }

  /** {@return the bytecode file of a source} */
  public Path bytecode(Path source) {
    String name = Objects.requireNonNull(source.getFileName()).toString();
    return mirror(Objects.requireNonNull(source.getParent()))
        .resolve(name.substring(0, name.length() - ".py".length()) + ".cpython-312.pyc");
  }

  /** {@return the mirror of a directory} */
  public Path mirror(Path directory) {
    return new PycachePrefix(prefix()).mirrorOf(directory);
  }

  /** {@return a command with this configuration} */
  public Pycached command(String name, String... arguments) {
    List<String> all = new ArrayList<>(List.of(name, "--config", config().toString()));
    all.addAll(List.of(arguments));
    return Pycached.with(all.toArray(new String[0]));
  }

  /** {@return what {@code check} says as JSON} */
  public JsonObject check() throws IOException, InterruptedException {
    return command("check", "-o", "json").run().json();
  }

  /** {@return a daemon that has begun to start} */
  public PycachedDaemon startDaemon() throws IOException {
    return startDaemon(List.of());
  }

  /** {@return the same, with words before the command, such as those of {@code setpriv}} */
  public PycachedDaemon startDaemon(List<String> before) throws IOException {
    return PycachedDaemon.start(before, config(), socket(), top.resolve("log"));
  }

  /** {@return a daemon that is ready} */
  public PycachedDaemon daemon() throws IOException {
    PycachedDaemon daemon = startDaemon();
    try {
      return daemon.awaitReady();
    } catch (RuntimeException | AssertionError failed) {
      daemon.close();
      throw failed;
    }
  }

  /**
   * Waits until a daemon knows what a fresh look at the disk knows, and no orphan is left.
   *
   * @return what both know
   */
  public JsonObject awaitAgreement(PycachedDaemon daemon) {
    return await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(PATIENCE)
        .until(() -> agreement(daemon), totals -> totals.has("fresh"));
  }

  /** The totals that both know; empty where they differ, or the daemon is still at work. */
  private JsonObject agreement(PycachedDaemon daemon) throws IOException, InterruptedException {
    JsonObject before = daemon.status();
    if (before.getAsJsonObject("queue").get("dirty").getAsLong() > 0
        || PycachedDaemon.files(before, "orphaned") > 0) {
      return new JsonObject();
    }
    JsonObject totals = check().getAsJsonObject("totals");
    return totals.equals(daemon.status().getAsJsonObject("totals")) ? totals : new JsonObject();
  }

  /** {@return the bytecode files in the prefix, sorted} */
  public List<Path> bytecodeFiles() throws IOException {
    return below(prefix()).stream().filter(path -> path.toString().endsWith(".pyc")).toList();
  }

  /** Waits until the prefix has no directory that holds nothing: each goes once it is of an age. */
  public void awaitNoEmptyDirectory() {
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(emptyDirectories()).isEmpty());
  }

  private List<Path> emptyDirectories() throws IOException {
    List<Path> empty = new ArrayList<>();
    for (Path path : below(prefix())) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          if (entries.findAny().isEmpty()) {
            empty.add(path);
          }
        }
      }
    }
    return empty;
  }

  /** {@return everything below a directory, sorted} */
  public static List<Path> below(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            if (!path.equals(directory)) {
              found.add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            found.add(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }

  /** Deletes a tree, itself included. */
  public static void deleteTree(Path directory) throws IOException {
    List<Path> all = new ArrayList<>(below(directory));
    for (int i = all.size() - 1; i >= 0; i--) {
      Files.delete(all.get(i));
    }
    Files.delete(directory);
  }
}
