package io.pycached.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pycached.layout.CacheTag;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Magic;
import io.pycached.testing.Interpreter.Crash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
final class InterpretersTest {
  @TempDir Path directory;

  static List<Path> executables() {
    return Machine.executables();
  }

  @ParameterizedTest
  @MethodSource("executables")
  void known_realInterpreter_isWhatItSaysOfItself(Path executable) throws IOException, Crash {
    Interpreter probed = Machine.probed(executable);

    try (var oracle = io.pycached.testing.Interpreter.of(executable)) {
      oracle.define("import sys, os, importlib.util");
      assertThat(
              List.of(
                  text(oracle, "sys.implementation.cache_tag"),
                  text(oracle, "int.from_bytes(importlib.util.MAGIC_NUMBER[:2], 'little')"),
                  text(oracle, "sys.implementation.name"),
                  text(oracle, "sys.version.split()[0]")))
          .containsExactly(
              probed.cacheTag().name(),
              Integer.toString(probed.magic()),
              probed.implementation(),
              probed.version());
    }
    assertThat(probed.executable()).isEqualTo(executable);
    assertThat(probed.hashes()).isTrue();
    assertThat(probed.knownMagic().map(Magic::cacheTag)).contains(probed.cacheTag().name());
  }

  private static String text(io.pycached.testing.Interpreter oracle, String expression)
      throws Crash {
    return oracle.eval(expression).getAsString();
  }

  @Test
  void load_answersOfAnEarlierRun_areTakenForTheSameFileOnly() throws IOException {
    Path python = Machine.python();
    Answers first = new Answers();
    String version = version(python, first);
    String saved = first.save();

    assertThat(saved.lines()).hasSize(1);
    String another = saved.replace("%00" + version + "%00", "%009.9.9%00");
    assertThat(version(python, loaded(another))).isEqualTo("9.9.9");
    assertThat(version(python, loaded(another.replaceFirst("Z ", "1Z ")))).isEqualTo(version);
    assertThat(version(python, loaded("x\n\n" + saved.replaceAll(" \\S+$", " %"))))
        .isEqualTo(version);
    Answers forgetful = loaded(another);
    forgetful.forget(python);
    assertThat(version(python, forgetful)).isEqualTo(version);
  }

  @Test
  void save_answerOfAScriptAroundAnInterpreter_isNotKept() throws IOException {
    Path wrapper =
        Machine.script(
            directory.resolve("w"), "#!/bin/sh\nexec %s \"$@\"\n".formatted(Machine.python()));
    Answers answers = new Answers();
    assertThat(version(wrapper, answers)).isNotEmpty();
    assertThat(answers.save()).isEmpty();
  }

  @Test
  void save_interpreterThatIsTooOld_isKeptSoThatItIsNotAskedAgain() throws IOException {
    Path python = Machine.python();
    Answers first = new Answers();
    String version = version(python, first);
    String minor = "%00" + version.substring(0, version.lastIndexOf('.')) + "%00";
    String saved = first.save().replace(minor, "%003.6%00");
    Answers old = loaded(saved);

    try (Interpreters interpreters = new Interpreters(Machine.only(python), old)) {
      assertThat(interpreters.known()).isEmpty();
      assertThat(interpreters.refusals())
          .singleElement()
          .satisfies(refusal -> assertThat(refusal.message()).contains("older than 3.7"));
    }
    assertThat(saved).contains("%003.6%00");
    assertThat(old.save()).isEqualTo(saved);
  }

  private static Answers loaded(String saved) {
    Answers answers = new Answers();
    answers.load(saved);
    return answers;
  }

  private static String version(Path executable, Answers answers) throws IOException {
    try (Interpreters interpreters = new Interpreters(Machine.only(executable), answers)) {
      return interpreters.known().get(0).version();
    }
  }

  @Test
  void pycachePrefix_variableSetsIt_isSeenAsByAnOrdinaryProcess()
      throws IOException, InterruptedException {
    Path python = Machine.python();
    Path prefix = RawPath.toPath(directory.getFileSystem(), "/p\u00c3\u00a9 \u00ff\nq");
    Search search =
        new Search(
            List.of(python),
            false,
            List.of(),
            List.of(),
            List.of(),
            Map.of("PYTHONPYCACHEPREFIX", "/a prefix"),
            Machine.user());
    Path wrapper =
        Machine.script(
            directory.resolve("wrapped"),
            "#!/bin/bash\nexport PYTHONPYCACHEPREFIX=$'/p\\xc3\\xa9 \\xff\\nq'\nexec "
                + python
                + " \"$@\"\n");

    try (Interpreters interpreters = new Interpreters(search);
        Interpreters wrapped = new Interpreters(Machine.only(wrapper));
        Interpreters plain = new Interpreters(Machine.only(python))) {
      assertThat(interpreters.pycachePrefix(interpreters.known().get(0)))
          .contains(Path.of("/a prefix"));
      assertThat(wrapped.pycachePrefix(wrapped.known().get(0))).contains(prefix);
      assertThat(plain.pycachePrefix(plain.known().get(0))).isEmpty();
    }
  }

  @Test
  void pycachePrefix_siteThatFails_saysSo() throws IOException {
    Path wrapper =
        Machine.script(
            directory.resolve("unlucky"),
            "#!/bin/sh\ncase $1 in -B) echo 'no site' >&2; exit 3;; esac\nexec "
                + Machine.python()
                + " \"$@\"\n");

    try (Interpreters interpreters = new Interpreters(Machine.only(wrapper))) {
      assertThatThrownBy(() -> interpreters.pycachePrefix(interpreters.known().get(0)))
          .isInstanceOf(IOException.class)
          .hasMessage("does not start: ended with status 3: no site");
    }
  }

  @Test
  void known_configuredTwiceAndDiscovered_isOneAndFirst() throws IOException {
    Path python = Machine.python();
    Path link = Files.createSymbolicLink(directory.resolve("python3"), python);
    Path wrapper =
        Machine.script(directory.resolve("wrapper"), "#!/bin/sh\nexec " + python + " \"$@\"\n");
    Search search =
        new Search(
            List.of(wrapper, link, python),
            true,
            List.of(directory, Path.of("/usr/bin"), Path.of("relative")),
            List.of(python.resolve("../../..").normalize()),
            List.of(Path.of("/usr/bin"), directory.resolve("absent")),
            Map.of(),
            Machine.user());

    Path installation = python.toRealPath().resolve("../..").normalize();
    try (Interpreters interpreters = new Interpreters(search)) {
      List<Interpreter> known = interpreters.known();
      assertThat(known.get(0).executable()).isEqualTo(wrapper);
      assertThat(known)
          .filteredOn(interpreter -> interpreter.executable().startsWith(installation))
          .isEmpty();
      assertThat(known).extracting(Interpreter::executable).doesNotHaveDuplicates();
      assertThat(interpreters.writing(known.get(0).cacheTag())).contains(known.get(0));
      assertThat(interpreters.writing(new CacheTag("cpython-399"))).isEmpty();
    }
  }

  @Test
  void known_installations_areDiscoveredAndOldOnesRefused() throws IOException {
    Path python = Machine.python();
    Path installations = python.resolve("../../..").normalize();
    Search search =
        new Search(
            List.of(),
            true,
            List.of(),
            List.of(installations),
            List.of(),
            Map.of(),
            Machine.user());

    try (Interpreters interpreters = new Interpreters(search)) {
      assertThat(interpreters.known())
          .extracting(interpreter -> interpreter.cacheTag().name())
          .contains("cpython-312");
      assertThat(interpreters.refusals())
          .allSatisfy(refusal -> assertThat(refusal.message()).contains("older than 3.7"));
    }
  }

  @Test
  void refusals_whatIsNoInterpreter_saysWhy() throws IOException {
    Path hanging = Machine.script(directory.resolve("hangs"), "#!/bin/sh\nsleep 600 & sleep 600\n");
    Path dying =
        Machine.script(directory.resolve("dies"), "#!/bin/sh\necho 'no, no' >&2; exit 3\n");
    Path flooding =
        Machine.script(directory.resolve("floods"), "#!/bin/sh\nwhile :; do echo yes; done\n");
    Path loud = Machine.script(directory.resolve("loud"), "#!/bin/sh\nyes | head -c 9000000 >&2\n");
    Path plain = Files.writeString(directory.resolve("plain"), "");
    Path absent = directory.resolve("absent");
    Path lying =
        Machine.script(
            directory.resolve("lies"),
            "#!/bin/sh\nprintf '\\0pycached-probe/1\\0nonsense\\0"
                + "cb0d0d0a\\0cpython\\0003.12.1\\0003.12\\0000\\0/bin/sh\\0\\0\\0'\n");
    Path format = Machine.script(directory.resolve("format"), "\0\0\0");
    Path unnamed = RawPath.toPath(directory.getFileSystem(), RawPath.of(directory) + "/\u00ff");
    Machine.script(unnamed, "#!/bin/sh\n");
    var before = Machine.descendants();

    try (Interpreters interpreters =
        new Interpreters(
            Machine.only(hanging, dying, flooding, loud, plain, absent, lying, format, unnamed),
            new Answers(),
            Duration.ofSeconds(2))) {
      assertThat(interpreters.known()).isEmpty();
      Map<Path, String> messages =
          interpreters.refusals().stream()
              .collect(java.util.stream.Collectors.toMap(Refusal::executable, Refusal::message));
      assertThat(messages.get(hanging)).isEqualTo("gave no answer within 2.0 s");
      assertThat(messages.get(dying)).isEqualTo("is no Python 3: ended with status 3: no, no");
      assertThat(messages.get(flooding)).startsWith("is no Python 3: said \"yes?yes?");
      assertThat(messages.get(loud)).contains("y | y").hasSizeLessThan(900);
      assertThat(messages.get(plain)).isEqualTo("is not an executable file");
      assertThat(messages.get(absent)).isEqualTo("does not exist");
      assertThat(messages.get(lying))
          .isEqualTo("says of itself what cannot be: not a cache tag: nonsense");
      assertThat(messages.get(format)).startsWith("is no Python 3: ");
      assertThat(messages.get(unnamed)).contains("locale");
      assertThat(messages.values()).allSatisfy(text -> assertThat(text).doesNotContain("\n"));
    }
    // A process that was killed is there until the kernel has done with it.
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(Machine.descendants()).isSubsetOf(before));
  }

  @Test
  void refusals_discoveredFileThatOthersMayWrite_isNotRun() throws IOException {
    Path trace = directory.resolve("trace");
    Path loose =
        Machine.script(directory.resolve("python3"), "#!/bin/sh\necho run > " + trace + "\n");
    Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rwxr-xrwx"));
    Path tool = Machine.script(directory.resolve("tool"), "#!/bin/sh\necho run > " + trace + "\n");
    Files.createSymbolicLink(directory.resolve("python3.12"), tool);
    Search search =
        new Search(
            List.of(), true, List.of(directory), List.of(), List.of(), Map.of(), Machine.user());

    try (Interpreters interpreters = new Interpreters(search)) {
      assertThat(interpreters.refusals())
          .extracting(Refusal::message)
          .containsExactly(
              "may be written by others than its owner; it is used only if the configuration names"
                  + " it",
              "is a link to " + tool);
    }
    assertThat(trace).doesNotExist();
    assertThat(new Trust(Machine.user() + 4321).objection(Machine.script(loose, "")))
        .satisfies(
            text -> {
              if (Machine.user() != 0) {
                assertThat(text).startsWith("belongs to user");
              }
            });
  }

  @Test
  void refresh_sameFiles_asksNobodyAgain() throws IOException {
    Path count = directory.resolve("count");
    Path wrapper =
        Machine.script(
            directory.resolve("counting"),
            "#!/bin/sh\necho >> " + count + "\nexec " + Machine.python() + " \"$@\"\n");

    try (Interpreters interpreters = new Interpreters(Machine.only(wrapper))) {
      Interpreter first = interpreters.known().get(0);
      long asked = Files.size(count);
      interpreters.refresh();
      assertThat(interpreters.known()).containsExactly(first);
      assertThat(Files.size(count)).isEqualTo(asked);

      Files.setLastModifiedTime(wrapper, FileTime.from(1_000_000_000, TimeUnit.SECONDS));
      interpreters.refresh();
      assertThat(interpreters.known()).containsExactly(first);
      assertThat(Files.size(count)).isEqualTo(2 * asked);

      interpreters.forget(first);
      interpreters.refresh();
      assertThat(Files.size(count)).isEqualTo(3 * asked);

      Machine.script(wrapper, "#!/bin/sh\nexit 7\n");
      interpreters.refresh();
      assertThat(interpreters.known()).isEmpty();
      assertThat(interpreters.refusals())
          .extracting(Refusal::message)
          .containsExactly("is no Python 3: ended with status 7");
    }
  }

  @ParameterizedTest
  @MethodSource("executables")
  void ofVirtualEnvironment_linkedOrCopied_isTheBaseInterpreter(Path executable)
      throws IOException, InterruptedException {
    try (Interpreters interpreters = new Interpreters(Machine.only(executable));
        Interpreters others = new Interpreters(Machine.only())) {
      Interpreter base = interpreters.known().get(0);
      // To copy itself, PyPy copies all of /usr/lib.
      List<String> ways =
          base.implementation().equals("pypy")
              ? List.of("--symlinks")
              : List.of("--symlinks", "--copies");
      for (String how : ways) {
        Path venv = directory.resolve("venv" + how);
        Process made =
            new ProcessBuilder(
                    executable.toString(), "-m", "venv", "--without-pip", how, venv.toString())
                .redirectErrorStream(true)
                .start();
        String said =
            new String(
                made.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        assertThat(interpreters.ofVirtualEnvironment(venv)).as(how).contains(base);
        assertThat(others.ofVirtualEnvironment(venv))
            .as(how)
            .map(Interpreter::dialect)
            .contains(base.dialect());
      }
    }
  }

  /** Whoever opens it waits for a writer. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void ofVirtualEnvironment_configurationIsAFifo_isEmptyAtOnce()
      throws IOException, InterruptedException {
    String fifo = directory.resolve("pyvenv.cfg").toString();
    assertThat(new ProcessBuilder("mkfifo", fifo).start().waitFor()).isZero();

    try (Interpreters interpreters = new Interpreters(Machine.only())) {
      assertThat(interpreters.ofVirtualEnvironment(directory)).isEmpty();
    }
  }

  @Test
  void ofVirtualEnvironment_noneOrBroken_isEmpty() throws IOException {
    Path trace = directory.resolve("trace");
    Path loose =
        Machine.script(directory.resolve("python3.12"), "#!/bin/sh\necho run > " + trace + "\n");
    Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path hostile = Files.createDirectory(directory.resolve("hostile"));
    Files.writeString(
        hostile.resolve("pyvenv.cfg"), "home = " + directory + "\nversion = 3.12.9\n");
    Path gone = Files.createDirectory(directory.resolve("gone"));
    Files.writeString(gone.resolve("pyvenv.cfg"), "home = /no/where\nexecutable = \0\n=\nx\n");

    try (Interpreters interpreters = new Interpreters(Machine.only())) {
      assertThat(interpreters.ofVirtualEnvironment(directory)).isEmpty();
      assertThat(interpreters.ofVirtualEnvironment(gone)).isEmpty();
      assertThat(interpreters.refusals()).isEmpty();
      assertThat(interpreters.ofVirtualEnvironment(hostile)).isEmpty();
      assertThat(interpreters.refusals())
          .singleElement()
          .satisfies(refusal -> assertThat(refusal.message()).contains("by others"));
    }
    assertThat(trace).doesNotExist();
  }
}
