package io.pycached.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.layout.RawPath;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that are only bytes, in a process without a locale. */
final class NamesIT {
  /** Raw: one character a byte. */
  private static final List<String> NAMES =
      List.of(
          "-dash.py",
          "back\\slash.py",
          "byte\u00ff.py",
          "do.tt.ed.py",
          "na\u00c3\u00afve.py",
          "new\nline.py",
          "pkg \u00fe/\u00e2\u0082\u00ac.py",
          "quo\"te'.py",
          "two words.py");

  /** What os.fsdecode makes of the words on standard input, and back. */
  private static final String CACHE_FROM_SOURCE =
      """
      import importlib.util, os, sys
      for word in sys.stdin.buffer.read().split(b'\\0')[:-1]:
          path = importlib.util.cache_from_source(os.fsdecode(word))
          sys.stdout.buffer.write(os.fsencode(path) + b'\\0')
      """;

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    for (String name : NAMES) {
      site.source(name, "x = 1\n");
    }
    site.compile();
  }

  @Test
  void check_anyName_isFreshAndToldWhole() throws Exception {
    Pycached.Result result = site.command("check", "--all", "-o", "json").run();
    assertThat(result.status()).isZero();
    JsonObject report = result.json();
    assertThat(PycachedDaemon.files(report, "fresh")).isEqualTo(NAMES.size());
    List<String> sources = new ArrayList<>();
    for (JsonElement each : report.getAsJsonArray("findings")) {
      JsonObject finding = each.getAsJsonObject();
      sources.add(whole(finding, "source"));
      assertThat(RawPath.toPath(site.top().getFileSystem(), whole(finding, "path"))).exists();
    }
    assertThat(sources).containsExactlyInAnyOrderElementsOf(sources());
    assertThat(report.toString()).contains("byte\\\\xff.py", "na\u00efve.py", "new\\nline.py");
  }

  @Test
  void check_text_keepsALineForEachFile() throws Exception {
    for (String name : NAMES) {
      site.source(name, "x = 'longer'\n");
    }
    Pycached.Result result = site.command("check").run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out().lines().filter(line -> line.startsWith("stale ")))
        .hasSize(NAMES.size());
  }

  @Test
  void locate_nulSeparated_isCacheFromSource() throws Exception {
    String words = String.join("\0", sources()) + "\0";
    String expected = site.python(List.of("-c", CACHE_FROM_SOURCE), words);
    Pycached.Result forward =
        site.command("locate", "-", "--tag", "cpython-312").input(words).run();
    assertThat(forward.status()).isZero();
    assertThat(forward.rawOut()).isEqualTo(expected);
    Pycached.Result found = site.command("locate", "-").input(words).run();
    assertThat(found.rawOut()).isEqualTo(expected);
    Pycached.Result back = site.command("locate", "-").input(expected).run();
    assertThat(back.rawOut()).isEqualTo(words);
  }

  @Test
  void why_nameOnTheCommandLine_isTakenAsBytes() throws Exception {
    for (String name : List.of("byte\u00ff.py", "na\u00c3\u00afve.py", "new\nline.py")) {
      String source = RawPath.of(site.root()) + "/" + name;
      Pycached.Result result = site.command("why", "-o", "json", source).run();
      assertThat(result.status()).isZero();
      JsonObject file = result.json().getAsJsonArray("files").get(0).getAsJsonObject();
      assertThat(whole(file, "source")).isEqualTo(source);
      assertThat(file.get("state").getAsString()).isEqualTo("fresh");
      String bytecode = whole(file, "path");
      assertThat(Pycached.with("inspect", bytecode).run().status()).isZero();
    }
  }

  @Test
  void daemon_anyName_losesOnlyTheOrphan() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      for (String name : NAMES) {
        Files.delete(site.root().resolve(RawPath.toPath(site.root().getFileSystem(), name)));
        int left = NAMES.size() - 1 - NAMES.indexOf(name);
        if (left > 0) {
          daemon.awaitStatus(
              status -> {
                assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(left);
                assertThat(PycachedDaemon.files(status, "orphaned")).isZero();
              });
        }
      }
    }
  }

  @Test
  void check_linkedFilesAndDirectories_areJudgedAsTheInterpreterSeesThem() throws Exception {
    Path real = Files.createDirectory(site.top().resolve("elsewhere"));
    Files.writeString(real.resolve("m.py"), "m = 1\n");
    Files.createSymbolicLink(site.root().resolve("linked"), real);
    Files.createSymbolicLink(site.root().resolve("alias.py"), real.resolve("m.py"));
    Files.createSymbolicLink(site.root().resolve("loop"), site.root());
    site.importing("", "alias");
    site.importing("linked", "m");
    assertThat(site.bytecode("alias.py")).exists();
    assertThat(site.bytecode("linked/m.py")).exists();
    Pycached.Result fresh = site.command("check", "-o", "json").run();
    assertThat(fresh.status()).as(fresh.out()).isZero();
    assertThat(PycachedDaemon.files(fresh.json(), "fresh")).isEqualTo(NAMES.size() + 2);
    Files.writeString(real.resolve("m.py"), "m = 'changed'\n");
    assertThat(PycachedDaemon.files(site.check(), "stale")).isEqualTo(2);
  }

  private List<String> sources() {
    return NAMES.stream().map(name -> RawPath.of(site.root()) + "/" + name).toList();
  }

  /** {@return a path in a document, raw} */
  private static String whole(JsonObject object, String member) {
    if (object.has(member + "_base64")) {
      return new String(
          Base64.getDecoder().decode(object.get(member + "_base64").getAsString()), ISO_8859_1);
    }
    return new String(object.get(member).getAsString().getBytes(UTF_8), ISO_8859_1);
  }
}
