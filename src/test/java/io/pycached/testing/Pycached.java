package io.pycached.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One run of the packaged program.
 *
 * <p>Its environment is almost empty: in particular no {@code LANG} and no {@code LC_ALL}, as under
 * systemd. Belongs to one thread.
 */
public final class Pycached {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The JDK cannot hand over an argument that the locale cannot decode; Python can. */
  private static final String EXEC =
      """
      import os, sys
      argv = [bytes.fromhex(word) for word in sys.argv[1:]]
      os.execvp(argv[0], argv)
      """;

  private final List<String> arguments;
  private final Map<String, String> environment = bareEnvironment();
  private List<String> before = List.of();
  private Path launcher = distribution().resolve("bin/pycached");
  private byte[] input = {};

  private Pycached(List<String> arguments) {
    this.arguments = arguments;
  }

  /**
   * What came of it.
   *
   * @param rawOut standard output, one character a byte
   */
  public record Result(int status, String rawOut, String err) {
    /** {@return standard output} */
    public String out() {
      return new String(rawOut.getBytes(ISO_8859_1), UTF_8);
    }

    /** {@return standard output as JSON} */
    public JsonObject json() {
      return JsonParser.parseString(out()).getAsJsonObject();
    }
  }

  /** {@return the program with {@code arguments}, which are raw: one character a byte} */
  public static Pycached with(String... arguments) {
    return new Pycached(List.of(arguments));
  }

  /** {@return the directory that is shipped} */
  public static Path distribution() {
    return Path.of(System.getProperty("pycached.distribution", "target/pycached")).toAbsolutePath();
  }

  /** {@return what the program needs to find its tools, and nothing else} */
  public static Map<String, String> bareEnvironment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    environment.put("HOME", "/nonexistent");
    environment.put(
        "PYCACHED_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    return environment;
  }

  /** Puts words before the command, such as those of {@code setpriv}. */
  public Pycached after(List<String> words) {
    before = List.copyOf(words);
    return this;
  }

  /** Runs a copy of the distribution instead. */
  public Pycached from(Path distribution) {
    launcher = distribution.resolve("bin/pycached");
    return this;
  }

  /** Sets an environment variable. */
  public Pycached environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Sets what it reads from standard input. */
  public Pycached input(String raw) {
    input = raw.getBytes(ISO_8859_1);
    return this;
  }

  /**
   * Runs it to its end.
   *
   * @throws IllegalStateException if it does not end
   */
  public Result run() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.add(launcher.toString());
    command.addAll(arguments);
    return run(inAscii(command), environment, input);
  }

  private static List<String> inAscii(List<String> raw) {
    if (raw.stream().allMatch(word -> word.chars().allMatch(c -> c < 0x80))) {
      return raw;
    }
    List<String> command = new ArrayList<>(List.of("python3", "-I", "-S", "-c", EXEC));
    for (String word : raw) {
      command.add(HexFormat.of().formatHex(word.getBytes(ISO_8859_1)));
    }
    return command;
  }

  /** {@return what came of any command, in this environment and no other} */
  public static Result run(List<String> command, Map<String, String> environment, byte[] input)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    CompletableFuture<byte[]> out = read(process.getInputStream());
    CompletableFuture<byte[]> err = read(process.getErrorStream());
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException unread) {
      // It ended without reading: its status tells whether that is right.
    }
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " does not end");
    }
    return new Result(
        process.exitValue(), new String(out.join(), ISO_8859_1), new String(err.join(), UTF_8));
  }

  private static CompletableFuture<byte[]> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task, "output").start());
  }
}
