package io.pycached.survey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.MalformedPycException;
import io.pycached.pyc.PycHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How each verdict comes about. */
final class VerdictTest {
  private static final String NAME = "m.cpython-312.pyc";

  private final FileSystem fileSystem =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix")
              .build());
  private Workplace work;

  @BeforeEach
  void layOut() throws IOException {
    work = Workplace.in(Files.createDirectory(fileSystem.getPath("/top")));
  }

  @AfterEach
  void close() throws IOException {
    fileSystem.close();
  }

  @ParameterizedTest
  @EnumSource
  void survey_eachVerdict_isReached(Verdict verdict) throws IOException {
    arrange(verdict);
    MirrorFile file = work.onlyFile();
    assertThat(file.verdict()).as(file.detail()).isEqualTo(verdict);
    assertThat(file.detail().isEmpty()).isEqualTo(verdict == Verdict.FRESH);
  }

  private void arrange(Verdict verdict) throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    byte[] good = Workplace.timestamped(source);
    int mtime = (int) (Files.getLastModifiedTime(source).toMillis() / 1000);
    switch (verdict) {
      case FRESH -> work.bytecode(NAME, Workplace.file(timestamp(good), lambda()));
      case STALE_MTIME -> work.bytecode(NAME, Workplace.timestamped(mtime - 7, 12));
      case STALE_SIZE -> {
        byte[] bytes = good.clone();
        bytes[12]++;
        work.bytecode(NAME, bytes);
      }
      case STALE_SOURCE_HASH -> {
        work.bytecode(NAME, Workplace.hashed(source, true));
        work.source("m.py", "answer = 43\n");
      }
      case STALE_MAGIC -> {
        byte[] bytes = good.clone();
        bytes[0] = (byte) 3495;
        bytes[1] = (byte) (3495 >> 8);
        work.bytecode(NAME, bytes);
      }
      case ORPHANED -> {
        work.bytecode(NAME, good);
        Files.delete(source);
        work.source("other.py", "");
      }
      case CORRUPT_SHORT_HEADER -> work.bytecode(NAME, Arrays.copyOf(good, 15));
      case CORRUPT_BAD_MAGIC -> work.bytecode(NAME, new byte[20]);
      case CORRUPT_BAD_FLAGS -> {
        byte[] bytes = good.clone();
        bytes[4] = 4;
        work.bytecode(NAME, bytes);
      }
      case CORRUPT_TRUNCATED_BODY -> work.bytecode(NAME, Arrays.copyOf(good, 16));
      case CORRUPT_MALFORMED_BODY ->
          work.bytecode(NAME, Workplace.file(timestamp(good), new byte[] {'?', 0, 0}));
      case CORRUPT_NOT_CODE ->
          work.bytecode(NAME, Workplace.file(timestamp(good), new byte[] {'N'}));
      case UNKNOWN_MAGIC -> {
        byte[] bytes = good.clone();
        bytes[0] = 1;
        bytes[1] = 0;
        work.bytecode(NAME, bytes);
      }
      case SOURCE_UNREADABLE -> {
        work.bytecode(NAME, good);
        Files.delete(source);
        Files.createSymbolicLink(source, fileSystem.getPath("/mnt/unmounted/m.py"));
      }
      case PROJECT_VANISHED -> {
        work.bytecode(NAME, good);
        Files.delete(source);
      }
      case TEMPORARY -> work.bytecode(NAME + ".140234567890", Arrays.copyOf(good, 10));
      case FOREIGN -> work.bytecode("data.pyc.1", good);
    }
  }

  private static Invalidation timestamp(byte[] file) {
    try {
      return PycHeader.parse(ByteBuffer.wrap(file)).invalidation();
    } catch (MalformedPycException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The smallest code object of 3.12 that marshal loads. */
  private static byte[] lambda() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write('c');
    body.writeBytes(new byte[5 * 4]); // argcount, posonly, kwonly, stacksize, flags
    body.writeBytes(new byte[] {'s', 4, 0, 0, 0, (byte) 151, 0, 83, 0}); // RESUME, RETURN_VALUE
    for (int i = 0; i < 3; i++) {
      body.writeBytes(new byte[] {')', 0}); // consts, names, localsplusnames
    }
    body.writeBytes(new byte[] {'s', 0, 0, 0, 0}); // localspluskinds
    for (String text : new String[] {"m.py", "m", "m"}) {
      body.write('z');
      body.write(text.length());
      body.writeBytes(text.getBytes(US_ASCII));
    }
    body.writeBytes(new byte[] {1, 0, 0, 0}); // firstlineno
    body.writeBytes(new byte[] {'s', 0, 0, 0, 0}); // linetable
    body.writeBytes(new byte[] {'s', 0, 0, 0, 0}); // exceptiontable
    return body.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "m.cpython-36.pyc,    3379, FRESH",
    "m.cpython-312.pyc,   3379, STALE_MAGIC",
    "m.cpython-36.pyc,    3531, STALE_MAGIC",
    "m.cpython-312.pyc,   3530, STALE_MAGIC",
    "m.cpython-35.pyc,    3350, FRESH",
    "m.cpython-35.pyc,    3351, FRESH",
    "m.cpython-315.pyc,   3660, FRESH",
    "m.pypy36.pyc,         192, FRESH",
    "m.graalpy242-311.pyc, 21290, FRESH",
  })
  void survey_ofMagicUnderATag_isWhatThatReleaseAccepts(String name, int magic, Verdict verdict)
      throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    byte[] good = Workplace.timestamped(source);
    boolean shortHeader = magic == 3379 || magic < 200 || magic == 3350 || magic == 3351;
    byte[] bytes = new byte[shortHeader ? 40 : 44];
    bytes[0] = (byte) magic;
    bytes[1] = (byte) (magic >> 8);
    bytes[2] = '\r';
    bytes[3] = '\n';
    System.arraycopy(good, 8, bytes, shortHeader ? 4 : 8, 8);
    work.bytecode(name, bytes);
    MirrorFile file = work.survey("", false).files().get(0);
    assertThat(file.verdict()).as(file.detail()).isEqualTo(verdict);
  }
}
