package io.pycached.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pycached.compile.Compiled.Cause;
import io.pycached.compile.Compiled.Code;
import io.pycached.compile.Compiled.Failed;
import io.pycached.compile.Compiled.Quarantined;
import io.pycached.compile.Compiled.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that hang, die, flood, lie and babble: each is a script around a real interpreter. */
@Timeout(120)
final class OddWorkersTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final byte[] SOURCE = Machine.bytes("x = 1\n");

  @TempDir Path directory;
  private final Set<Long> before = Machine.descendants();
  private Interpreter real;
  private Path file;

  @BeforeEach
  void probe() throws IOException {
    real = Machine.probed(Machine.python());
    file = directory.resolve("a.py");
  }

  @AfterEach
  void nothingIsLeft() {
    await().untilAsserted(() -> assertThat(Machine.descendants()).isSubsetOf(before));
  }

  private static Compilers compilers(Duration limit) {
    return new Compilers(Machine.limits(1, limit), InstantSource.fixed(NOW));
  }

  /** An interpreter that does as the shell script says. */
  private Interpreter shell(String text) throws IOException {
    return Machine.posing(
        real, Machine.script(directory.resolve("odd"), "#!/bin/sh\n" + text + "\n"));
  }

  /**
   * An interpreter that greets as it should and then runs {@code onRequest}, in which {@code n}
   * counts the workers and {@code source} is what is to be compiled.
   */
  private Interpreter python(String onRequest) throws IOException {
    Path program = directory.resolve("odd.py");
    Files.writeString(
        program,
        """
        import os, struct, sys, time
        count = %s
        n = 1 + (os.path.getsize(count) if os.path.exists(count) else 0)
        open(count, 'a').write('x')
        def reply(status, body, length=None):
            size = len(body) if length is None else length
            os.write(1, struct.pack('>BI', status, size) + body)
        def ask():
            head = sys.stdin.buffer.read(9)
            if not head:
                sys.exit()
            length, name, optimize = struct.unpack('>IIB', head)
            sys.stdin.buffer.read(name)
            return sys.stdin.buffer.read(length)
        reply(0, b'pycached-worker/1\\x00%s\\x00%02x%02x0d0a\\x00%s')
        while True:
            source = ask()
            %s
        """
            .formatted(
                "'" + directory.resolve("count") + "'",
                real.cacheTag(),
                real.magic() & 0xff,
                real.magic() >> 8,
                real.version(),
                onRequest));
    return shell("exec " + real.executable() + " -S " + program);
  }

  private CompileRequest request(Interpreter interpreter) throws IOException {
    return Machine.request(interpreter, file, SOURCE);
  }

  private Failed failure(Compilers compilers, Interpreter interpreter) throws Exception {
    Compiled compiled = compilers.compile(request(interpreter));
    assertThat(compiled).isInstanceOf(Failed.class);
    Failed failed = (Failed) compiled;
    assertThat(failed.reason()).doesNotContain("\n").startsWith(interpreter.executable() + ": ");
    assertThat(compilers.statistics().workers()).isZero();
    assertThat(compilers.quarantined()).isEmpty();
    assertThat(compilers.broken()).hasSize(1);
    return failed;
  }

  @Test
  void start_hangs_fails() throws Exception {
    Limits patient = Machine.limits(1);
    Limits limits =
        new Limits(
            1,
            1,
            patient.sourceBytes(),
            patient.codeBytes(),
            patient.memoryBytes(),
            Duration.ofMillis(500),
            patient.file(),
            patient.idle(),
            3,
            4);
    try (Compilers compilers = new Compilers(limits, InstantSource.fixed(NOW))) {
      Interpreter hanging = shell("sleep 600 & (sleep 601 & sleep 602)");
      Failed failed = failure(compilers, hanging);
      assertThat(failed.cause()).isEqualTo(Cause.START);
      assertThat(failed.reason()).endsWith("no answer within 0.5 s");
      // It is not asked again at once.
      assertThat(compilers.compile(request(hanging))).isSameAs(failed);
      assertThat(compilers.statistics().started()).isEqualTo(1);
    }
  }

  @Test
  void start_dies_failsWithItsLastWords() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter dying = shell("yes lost | head -c 3000000 >&2; echo the end >&2; exit 9");
      Failed failed = failure(compilers, dying);
      assertThat(failed.cause()).isEqualTo(Cause.START);
      assertThat(failed.reason())
          .contains("ended with status 9: ")
          .endsWith("lost | the end")
          .hasSizeLessThan(900);
    }
  }

  @Test
  void start_executableIsGone_fails() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter gone = Machine.posing(real, directory.resolve("gone"));
      assertThat(failure(compilers, gone).cause()).isEqualTo(Cause.START);
    }
  }

  @Test
  void start_floodsItsOutput_fails() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Failed failed = failure(compilers, shell("yes"));
      assertThat(failed.cause()).isEqualTo(Cause.PROTOCOL);
      assertThat(failed.reason()).contains("answered with status 121");
    }
  }

  @Test
  void start_liesAboutItsTag_fails() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter lying =
          new Interpreter(
              real.executable(),
              real.cacheTag(),
              real.magic() + 1,
              real.implementation(),
              real.version(),
              false,
              true);
      Failed failed = failure(compilers, lying);
      assertThat(failed.cause()).isEqualTo(Cause.CHANGED);
      assertThat(failed.reason())
          .contains("is cpython-312 " + real.version() + " with magic cb0d0d0a, expected")
          .endsWith("with magic cc0d0d0a");
    }
  }

  @Test
  void compile_hangs_isQuarantinedUntilTheFileChanges() throws Exception {
    try (Compilers compilers = compilers(Duration.ofMillis(800))) {
      Interpreter hanging =
          python("if source == b'x = 1\\n': os.fork(); time.sleep(600)\n    reply(1, b'said')");
      CompileRequest request = request(hanging);
      Quarantined hung = new Quarantined("did not compile within 0.8 s");

      assertThat(compilers.compile(request)).isEqualTo(hung);
      assertThat(compilers.compile(request)).isEqualTo(hung);
      assertThat(compilers.quarantined())
          .containsExactly(new QuarantinedSource(file, real.dialect(), hung.reason(), NOW));
      assertThat(compilers.statistics()).isEqualTo(new Statistics(0, 0, 1, 0, 1, 1));

      CompileRequest changed = Machine.request(hanging, file, Machine.bytes("x = 22\n"));
      assertThat(compilers.compile(changed)).isEqualTo(new Refused("said"));
      assertThat(compilers.quarantined()).isEmpty();
    }
  }

  /** Where there is one worker only: half a second late, another source need not wait for it. */
  @Test
  void compile_whileAnotherHangs_isDoneByOneMore() throws Exception {
    Limits narrow = Machine.limits(1);
    Limits limits =
        new Limits(
            1,
            2,
            narrow.sourceBytes(),
            narrow.codeBytes(),
            narrow.memoryBytes(),
            narrow.start(),
            Duration.ofSeconds(6),
            narrow.idle(),
            3,
            4);
    try (Compilers compilers = new Compilers(limits, InstantSource.fixed(NOW))) {
      Interpreter hanging =
          python("if source == b'x = 1\\n': time.sleep(600)\n    reply(1, b'said')");
      CompileRequest hang = request(hanging);
      FutureTask<Compiled> hung = new FutureTask<>(() -> compilers.compile(hang));
      new Thread(hung, "hung").start();
      await().until(() -> compilers.statistics().busy() == 1);
      CompileRequest other = Machine.request(hanging, directory.resolve("b"), new byte[0]);
      assertThat(compilers.compile(other)).isEqualTo(new Refused("said"));
      assertThat(hung).isNotDone();
      assertThat(compilers.statistics()).isEqualTo(new Statistics(2, 1, 2, 0, 0, 0));
    }
  }

  @Test
  void compile_dies_isQuarantinedAfterTheSecondTime() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter dying = python("os.write(2, b'Fatal: no\\n'); os.kill(os.getpid(), 11)");

      assertThat(compilers.compile(request(dying)))
          .isEqualTo(new Quarantined("its worker was ended by signal 11: Fatal: no"));
      assertThat(compilers.statistics()).isEqualTo(new Statistics(0, 0, 2, 2, 0, 1));
    }
  }

  @Test
  void compile_diesOnce_isAskedOfAnotherWorker() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter dying = python("if n == 1: os._exit(1)\n    reply(0, source)");

      assertThat(((Code) compilers.compile(request(dying))).body()).isEqualTo(SOURCE);
      assertThat(compilers.statistics()).isEqualTo(new Statistics(1, 0, 2, 1, 0, 0));
    }
  }

  @Test
  void compile_memoryIsSpent_isAskedOfAFreshWorkerOnce() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter spent = python("reply(2 if source == b'x = 1\\n' else 1, b'%d' % n)");

      CompileRequest other = Machine.request(spent, file, Machine.bytes("y\n"));
      assertThat(compilers.compile(other)).isEqualTo(new Refused("1"));
      assertThat(compilers.compile(request(spent))).isEqualTo(new Refused("2"));
      assertThat(compilers.compile(request(spent))).isEqualTo(new Refused("3"));
      assertThat(compilers.statistics()).isEqualTo(new Statistics(0, 0, 3, 0, 0, 0));
    }
  }

  @Test
  void compile_overlongReply_fails() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Failed failed = failure(compilers, python("reply(0, b'', 0xfffffff0); time.sleep(600)"));
      assertThat(failed.cause()).isEqualTo(Cause.PROTOCOL);
      assertThat(failed.reason()).contains("4294967280 bytes");
    }
  }

  @Test
  void compile_longReplyThatNeverComes_isQuarantined() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(1))) {
      Interpreter short_ = python("reply(0, b'abc', 60000000); time.sleep(600)");
      assertThat(compilers.compile(request(short_))).isInstanceOf(Quarantined.class);
    }
  }

  @Test
  void compile_neverReads_isEndedInTime() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(1))) {
      Interpreter deaf = python("time.sleep(600)");
      byte[] source = new byte[10_000_000];
      assertThat(compilers.compile(Machine.request(deaf, file, source)))
          .isInstanceOf(Quarantined.class);
      assertThat(compilers.compile(Machine.request(deaf, directory.resolve("b"), source)))
          .isInstanceOf(Quarantined.class);
    }
  }

  @Test
  void compile_floodsItsErrors_goesOn() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter loud = python("os.write(2, b'warning\\n' * 200000); reply(0, b'done')");
      assertThat(((Code) compilers.compile(request(loud))).body()).isEqualTo(Machine.bytes("done"));
    }
  }

  @Test
  void compile_workerWasEndedWhileIdle_isNotTheSourcesFault() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      assertThat(compilers.compile(request(real))).isInstanceOf(Code.class);
      ProcessHandle worker =
          ProcessHandle.current()
              .descendants()
              .filter(child -> !before.contains(child.pid()))
              .findFirst()
              .orElseThrow();
      worker.destroyForcibly();
      await().until(() -> !worker.isAlive());

      assertThat(compilers.compile(request(real))).isInstanceOf(Code.class);
      assertThat(compilers.quarantined()).isEmpty();
      assertThat(compilers.statistics().started()).isEqualTo(2);
    }
  }

  @Test
  void compile_moreMemoryThanAllowed_isRefused() throws Exception {
    Limits wide = Machine.limits(1);
    Limits limits =
        new Limits(
            1,
            1,
            wide.sourceBytes(),
            wide.codeBytes(),
            128L << 20,
            wide.start(),
            wide.file(),
            wide.idle(),
            3,
            4);
    byte[] source = Machine.bytes("x = [" + "a.b(1),".repeat(400_000) + "]\n");
    try (Compilers compilers = new Compilers(limits, InstantSource.fixed(NOW))) {
      Compiled compiled = compilers.compile(Machine.request(real, file, source));
      assertThat(compiled).isEqualTo(new Refused("MemoryError"));
      assertThat(compilers.compile(request(real))).isInstanceOf(Code.class);
    }
  }

  @Test
  void compile_sourceTooLong_isRefusedUnseen() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      CompileRequest huge = Machine.request(real, file, new byte[(64 << 20) + 1]);
      assertThat(compilers.compile(huge))
          .isEqualTo(
              new Refused("source is 67108865 bytes, more than the 67108864 that are compiled"));
      assertThat(compilers.statistics().started()).isZero();
    }
  }

  @Test
  void quarantine_isBounded() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter dying = python("os._exit(1)");
      for (int i = 0; i < 6; i++) {
        Path each = directory.resolve("q" + i);
        assertThat(compilers.compile(Machine.request(dying, each, SOURCE)))
            .isEqualTo(new Quarantined("its worker ended with status 1"));
      }
      assertThat(compilers.quarantined()).hasSize(4);
    }
  }

  @Test
  void interrupt_endsTheWorkerAndBlamesNobody() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(60))) {
      Interpreter hanging = python("if n == 1: time.sleep(600)\n    reply(0, b'ok')");
      CompileRequest request = request(hanging);
      FutureTask<Compiled> task = new FutureTask<>(() -> compilers.compile(request));
      Thread thread = new Thread(task, "interrupted");
      thread.start();
      await().until(() -> compilers.statistics().workers() == 1 && count() == 1);
      FutureTask<Compiled> waiting = new FutureTask<>(() -> compilers.compile(request));
      Thread waiter = new Thread(waiting, "waiting");
      waiter.start();
      await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);

      waiter.interrupt();
      assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
      thread.interrupt();
      assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedException.class);

      assertThat(compilers.compile(request)).isInstanceOf(Code.class);
      assertThat(compilers.statistics()).isEqualTo(new Statistics(1, 0, 2, 0, 0, 0));
    }
  }

  private long count() throws IOException {
    Path count = directory.resolve("count");
    return Files.exists(count) ? Files.size(count) : 0;
  }

  @Test
  void close_workersAreBusy_endsThemAndTheirs() throws Exception {
    Compilers compilers = compilers(Duration.ofSeconds(60));
    CompileRequest request = request(python("os.fork(); os.fork(); time.sleep(600)"));
    Callable<Compiled> compile = () -> compilers.compile(request);
    List<FutureTask<Compiled>> tasks =
        Stream.of(1, 2).map(number -> new FutureTask<>(compile)).toList();
    tasks.forEach(task -> new Thread(task, "busy").start());
    await().until(() -> Machine.descendants().size() >= before.size() + 4);

    compilers.close();
    for (FutureTask<Compiled> task : tasks) {
      assertThat(task.get()).isEqualTo(new Failed(Cause.CLOSED, "the compilers are closed"));
    }
    assertThat(compilers.compile(request))
        .isEqualTo(new Failed(Cause.CLOSED, "the compilers are closed"));
    assertThat(compilers.statistics().workers()).isZero();
    compilers.close();
  }

  @Test
  void restarts_leaveNoDescriptorsOpen() throws Exception {
    try (Compilers compilers = compilers(Duration.ofSeconds(30))) {
      Interpreter dying = python("os._exit(1)");
      compilers.compile(Machine.request(dying, directory.resolve("first"), SOURCE));
      long open = descriptors();
      for (int i = 0; i < 10; i++) {
        compilers.compile(Machine.request(dying, directory.resolve("d" + i), SOURCE));
      }
      await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(open + 2));
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
