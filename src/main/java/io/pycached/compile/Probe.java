package io.pycached.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.layout.CacheTag;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import io.pycached.pyc.SourceHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** Asks executables who they are, by running a script in them. Safe for use by any thread. */
final class Probe implements AutoCloseable {
  /** The most that an executable may answer. */
  static final int MAX_ANSWER_BYTES = 1 << 16;

  private static final String MARK = "\0pycached-probe/1\0";
  private static final int FIELDS = 9;
  private static final String CR_LF = "0d0a";

  /** The lengths of what the script hashes: bytes that count up from 0. */
  private static final int[] HASHED = {0, 1, 7, 8, 70};

  private static final List<String> ISOLATED =
      List.of("-I", "-S", "-B", "-X", "utf8", "-c", Script.PROBE.text());
  private static final List<String> ORDINARY =
      List.of("-B", "-X", "utf8", "-c", Script.PROBE.text());

  private final Duration limit;
  private final Watchdog watchdog = new Watchdog("probe-watchdog");
  private final Set<Child> children = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param limit the time for one answer
   */
  Probe(Duration limit) {
    this.limit = limit;
  }

  /**
   * What an executable said.
   *
   * @param said its words, for {@link #understand}; empty if they were none of an interpreter's
   * @param real the file of the interpreter that answered, without symbolic links: another one than
   *     was asked if that is a script around it
   * @param lasting whether it would say the same again
   */
  record Finding(
      String said,
      Path real,
      Optional<Interpreter> interpreter,
      String objection,
      boolean lasting) {
    /** An interpreter, but not one that pycached works for. */
    static Finding unsupported(String said, Path real, String objection) {
      return new Finding(said, real, Optional.empty(), objection, true);
    }

    static Finding refused(Candidate candidate, String objection, boolean lasting) {
      return new Finding("", candidate.real(), Optional.empty(), objection, lasting);
    }
  }

  /** {@return who an executable is, or why it is not used} */
  Finding ask(Candidate candidate) throws InterruptedException {
    try {
      Child child = start(candidate.executable(), ISOLATED, Child.CLEAN);
      try {
        String answer = answer(child);
        int mark = answer.lastIndexOf(MARK);
        if (mark < 0) {
          return Finding.refused(candidate, silence(answer, child), true);
        }
        return understand(candidate, answer.substring(mark + MARK.length()));
      } finally {
        end(child);
      }
    } catch (TimeoutException e) {
      return Finding.refused(candidate, "gave " + e.getMessage(), false);
    } catch (IOException e) {
      return Finding.refused(candidate, "does not run: " + e.getMessage(), false);
    }
  }

  private static String silence(String answer, Child child) throws InterruptedException {
    String said = answer.isEmpty() ? "" : "said " + Shown.bytes(answer.getBytes(ISO_8859_1)) + ", ";
    return "is no Python 3: " + said + child.obituary();
  }

  /**
   * {@return who an executable is that has said so}
   *
   * @param said what it said, now or once
   * @throws IOException if nothing that is an interpreter says that
   */
  static Finding understand(Candidate candidate, String said) throws IOException {
    String[] fields = fields(said);
    String version = Shown.line(fields[3]);
    FileSystem fileSystem = candidate.real().getFileSystem();
    try {
      Path real = RawPath.toPath(fileSystem, fields[6]).toRealPath();
      if (isBefore37(fields[4])) {
        return Finding.unsupported(said, real, "is Python " + version + ", older than 3.7");
      }
      if (fields[0].isEmpty()) {
        return Finding.unsupported(said, real, "has no cache tag, so it writes no bytecode");
      }
      CacheTag tag = new CacheTag(fields[0]);
      int magic = magic(fields[1]);
      boolean hashes = hashesAsWeDo(magic, HexFormat.of().parseHex(fields[8]));
      Interpreter interpreter =
          new Interpreter(
              candidate.executable(),
              tag,
              magic,
              Shown.line(fields[2]),
              version,
              fields[5].equals("1"),
              hashes);
      return new Finding(said, real, Optional.of(interpreter), "", true);
    } catch (IllegalArgumentException | IOException e) {
      return Finding.refused(candidate, "says of itself what cannot be: " + e.getMessage(), true);
    }
  }

  private static boolean isBefore37(String version) {
    String[] numbers = version.split("\\.", 2);
    return numbers[0].equals("3") && numbers[1].matches("[0-6]");
  }

  private static int magic(String hex) {
    if (!hex.endsWith(CR_LF)) {
      throw new IllegalArgumentException("magic number " + hex);
    }
    return Short.toUnsignedInt(Short.reverseBytes((short) HexFormat.fromHexDigits(hex, 0, 4)));
  }

  private static boolean hashesAsWeDo(int number, byte[] hashes) {
    Optional<Magic> magic = Magics.find(number).filter(known -> known.hash().isComputable());
    if (magic.isEmpty() || hashes.length != HASHED.length * Long.BYTES) {
      return false;
    }
    ByteBuffer expected = ByteBuffer.wrap(hashes).order(ByteOrder.LITTLE_ENDIAN);
    for (int length : HASHED) {
      byte[] source = new byte[length];
      for (int i = 0; i < length; i++) {
        source[i] = (byte) i;
      }
      if (SourceHash.of(magic.get(), source) != expected.getLong()) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@return {@code sys.pycache_prefix} in a process that runs the site's own code}
   *
   * @param environment the variables of that process
   */
  Optional<Path> pycachePrefix(Path executable, Map<String, String> environment)
      throws IOException, InterruptedException {
    Child child = start(executable, ORDINARY, environment);
    try {
      String answer = answer(child);
      int mark = answer.lastIndexOf(MARK);
      if (mark < 0) {
        throw new IOException("does not start: " + child.obituary());
      }
      String prefix = fields(answer.substring(mark + MARK.length()))[7];
      return prefix.isEmpty()
          ? Optional.empty()
          : Optional.of(RawPath.toPath(executable.getFileSystem(), prefix));
    } catch (TimeoutException e) {
      throw new IOException("gave " + e.getMessage(), e);
    } finally {
      end(child);
    }
  }

  private static String[] fields(String said) throws IOException {
    String[] fields = said.split("\0", -1);
    if (fields.length <= FIELDS) {
      throw new IOException("its answer ends after " + fields.length + " fields");
    }
    return fields;
  }

  private Child start(Path executable, List<String> arguments, Map<String, String> variables)
      throws IOException {
    Child child = Child.start(executable, arguments, variables);
    children.add(child);
    if (closed) {
      child.kill();
    }
    return child;
  }

  private String answer(Child child) throws IOException, TimeoutException, InterruptedException {
    child.input().close();
    byte[] answer =
        new Conversation(child, watchdog)
            .hold(() -> child.output().readNBytes(MAX_ANSWER_BYTES), limit);
    return new String(answer, ISO_8859_1);
  }

  private void end(Child child) {
    child.kill();
    children.remove(child);
  }

  /** Ends what still runs. */
  @Override
  public void close() {
    closed = true;
    watchdog.close();
    children.forEach(Child::kill);
  }
}
