package io.pycached.survey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.testing.Jvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytecode files that take much more memory to read than they have bytes, or have more bytes than
 * they take on the disk: several threads at once survey them with a heap of 64 MiB.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BombTest {
  private static final String HEAP = "-Xmx64m";
  private static final int THREADS = 4;
  private static final int LARGE = 15 << 20;
  private static final int HEADER_BYTES = 16;

  private @TempDir Path directory;
  private Workplace workplace;

  @BeforeEach
  void layOut() throws IOException {
    workplace = Workplace.in(directory);
  }

  /** Each of the smallest objects may be referred to. */
  @Test
  void survey_millionsOfReferences_isNotTakenForDamage() throws Exception {
    bomb("m", code(items('(', (byte) 0xFA, (byte) 0), new byte[] {')', 0}));
    assertThat(surveyed()).containsOnly("m.cpython-312.pyc FRESH");
  }

  @Test
  void survey_millionsOfNames_isFresh() throws Exception {
    bomb("m", code(new byte[] {')', 0}, items('(', (byte) 'z', (byte) 0)));
    assertThat(surveyed()).containsOnly("m.cpython-312.pyc FRESH");
  }

  @Test
  void survey_nestedContainers_isMalformed() throws Exception {
    byte[] nested = new byte[LARGE];
    Arrays.fill(nested, (byte) 1);
    for (int i = 0; i < nested.length; i += 2) {
      nested[i] = ')';
    }
    bomb("m", nested);
    assertThat(surveyed()).containsOnly("m.cpython-312.pyc CORRUPT_MALFORMED_BODY");
  }

  @Test
  void survey_hugeSizes_isTruncated() throws Exception {
    for (char type : List.of('(', '[', '<', 's', 'u')) {
      byte[] huge = {(byte) type, -1, -1, -1, 0x7F};
      bomb("m" + (int) type, huge);
    }
    assertThat(surveyed()).hasSize(5 * THREADS).allMatch(line -> line.endsWith("TRUNCATED_BODY"));
  }

  /** Of 15 MiB and of 4 GiB; the disk holds a page of each. */
  @Test
  void survey_holes_areReadWithinBoundsOrNotAtAll() throws Exception {
    hole("large", LARGE);
    hole("larger", 4L << 30);
    assertThat(surveyed())
        .hasSize(2 * THREADS)
        .containsOnly(
            "large.cpython-312.pyc CORRUPT_MALFORMED_BODY", "larger.cpython-312.pyc FRESH");
  }

  /** Without a source the body is asked for its file name. */
  @Test
  void survey_bombsWithoutSources_areOrphans() throws Exception {
    bomb("m", code(items('(', (byte) 0xFA, (byte) 0), new byte[] {')', 0}));
    hole("large", LARGE);
    Files.delete(workplace.project().resolve("m.py"));
    Files.delete(workplace.project().resolve("large.py"));
    workplace.source("kept.py", "");
    assertThat(surveyed()).hasSize(2 * THREADS).allMatch(line -> line.endsWith("ORPHANED"));
  }

  private void bomb(String module, byte[] body) throws IOException {
    byte[] header = Workplace.timestamped(workplace.source(module + ".py", "x"));
    byte[] file = Arrays.copyOf(header, HEADER_BYTES + body.length);
    System.arraycopy(body, 0, file, HEADER_BYTES, body.length);
    workplace.bytecode(module + ".cpython-312.pyc", file);
  }

  private void hole(String module, long bytes) throws IOException {
    bomb(module, new byte[0]);
    Path path = workplace.mirror().resolve(module + ".cpython-312.pyc");
    try (RandomAccessFile file = new RandomAccessFile(path.toString(), "rw")) {
      file.setLength(bytes);
    }
  }

  /** As many objects of two bytes as make a large body. */
  private static byte[] items(char type, byte first, byte second) {
    int count = LARGE / 2;
    ByteBuffer items = ByteBuffer.allocate(5 + LARGE).order(ByteOrder.LITTLE_ENDIAN);
    items.put((byte) type).putInt(count);
    while (items.hasRemaining()) {
      items.put(first).put(second);
    }
    return items.array();
  }

  /** A code object of 3.12. */
  private static byte[] code(byte[] consts, byte[] names) {
    byte[] text = {'z', 1, 'm'};
    byte[] bytes = {'s', 0, 0, 0, 0};
    ByteBuffer code =
        ByteBuffer.allocate(consts.length + names.length + 100).order(ByteOrder.LITTLE_ENDIAN);
    code.put((byte) 'c').putInt(0).putInt(0).putInt(0).putInt(1).putInt(0x40);
    code.put(bytes).put(consts).put(names).put(new byte[] {')', 0}).put(bytes);
    code.put(text).put(text).put(text).putInt(1).put(bytes).put(bytes);
    return Arrays.copyOf(code.array(), code.position());
  }

  private List<String> surveyed() throws Exception {
    ProcessBuilder builder =
        Jvm.of(
            List.of(),
            List.of(HEAP),
            CrowdedSurvey.class,
            workplace.top().toString(),
            Integer.toString(THREADS));
    Process process = builder.start();
    List<String> lines;
    try {
      lines = new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isZero();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(THREADS);
    return lines;
  }
}
