package io.pycached.reconcile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.apply.Adopter;
import io.pycached.apply.Outcome;
import io.pycached.apply.PrivateSourceException;
import io.pycached.apply.PycWriter;
import io.pycached.compile.CompileRequest;
import io.pycached.compile.Compiled;
import io.pycached.compile.Compilers;
import io.pycached.compile.Interpreter;
import io.pycached.fs.FileStamp;
import io.pycached.fs.GuardedOpen;
import io.pycached.policy.Build;
import io.pycached.policy.InvalidationMode;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.survey.DirectoryPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Makes bytecode files, one at a time: adopts or compiles them and writes them into their mirrors.
 * Safe for use by any thread.
 *
 * <p>A source is read here, and looked at again once it is compiled: what was changed meanwhile is
 * thrown away, so that no bytecode claims to be that of a source it was not made from.
 */
public final class Workshop {
  /** Why a file is skipped that is to be made again at once. */
  static final String SOURCE_CHANGED = "source changed";

  /** The longest source that is compiled. */
  static final int MAX_SOURCE_BYTES = 64 << 20;

  /** How many sources that do not compile are remembered; one that is forgotten is tried again. */
  private static final int MAX_REFUSALS = 10_000;

  /**
   * Within it, two changes may bear the same time: the kernel stamps files with the time of its
   * last tick.
   */
  private static final Duration TICK = Duration.ofMillis(20);

  private final Toolchain toolchain;
  private final Compilers compilers;
  private final Adopter adopter;
  private final PycWriter writer;
  private final InstantSource clock;
  private final Cache<Attempt, Refusal> refusals =
      Caffeine.newBuilder().maximumSize(MAX_REFUSALS).build();

  /**
   * @param clock the file systems' clock
   */
  public Workshop(
      Toolchain toolchain,
      Compilers compilers,
      Adopter adopter,
      PycWriter writer,
      InstantSource clock) {
    this.toolchain = toolchain;
    this.compilers = compilers;
    this.adopter = adopter;
    this.writer = writer;
    this.clock = clock;
  }

  /** One source for one interpreter. */
  private record Attempt(Path source, Interpreter interpreter, String optimization) {}

  /** What came of it, for as long as the source stays as it was. */
  private record Refusal(FileStamp source, String message) {}

  /** A source as it was read. */
  private static final class Text {
    final FileStamp stamp;
    final PosixFileAttributes attributes;
    final byte[] bytes;

    Text(FileStamp stamp, PosixFileAttributes attributes, byte[] bytes) {
      this.stamp = stamp;
      this.attributes = attributes;
      this.bytes = bytes;
    }
  }

  /** {@return which interpreters make what} */
  public Toolchain toolchain() {
    return toolchain;
  }

  /** {@return what came of making one file in the pair at {@code relative}} */
  Outcome make(Territory territory, Path relative, Build build) throws InterruptedException {
    DirectoryPair pair = territory.pair(relative);
    Path target = pair.mirror().resolve(build.name());
    try {
      if (!isStillWanted(target, build)) {
        return new Outcome.Skipped(target, "changed");
      }
      return build instanceof Build.Compilation compilation
          ? compile(territory, pair, compilation)
          : adopter.adopt(pair, territory.source(relative), (Build.Adoption) build);
    } catch (PrivateSourceException unservable) {
      return new Outcome.Skipped(target, PrivateSourceException.REASON);
    } catch (NoSuchFileException vanished) {
      return new Outcome.Skipped(target, "vanished");
    } catch (IOException failed) {
      return new Outcome.Failed(target, failed);
    }
  }

  private Outcome compile(Territory territory, DirectoryPair pair, Build.Compilation build)
      throws IOException, InterruptedException {
    Path target = pair.mirror().resolve(build.name());
    Optional<Interpreter> interpreter = toolchain.writing(pair, build.variant().tag());
    if (interpreter.isEmpty()) {
      return new Outcome.Skipped(target, "no interpreter for " + build.variant().tag());
    }
    Path source = pair.directory().resolve(build.source());
    Path visible = pair.visible().resolve(build.source());
    Attempt attempt = new Attempt(source, interpreter.get(), build.variant().optimization());
    Optional<FileStamp> looked = lookAt(visible);
    if (looked.isEmpty()) {
      return new Outcome.Skipped(target, SOURCE_CHANGED);
    }
    FileStamp stamp = looked.get();
    Refusal refused = refusals.getIfPresent(attempt);
    if (refused != null && refused.source().equals(stamp)) {
      return new Outcome.Refused(source, refused.message(), true);
    }
    Text text;
    try {
      text = read(visible, stamp);
    } catch (NoSuchFileException vanished) {
      throw vanished;
    } catch (IOException unreadable) {
      return new Outcome.Failed(source, unreadable);
    }
    Compiled compiled =
        compilers.compile(
            new CompileRequest(
                interpreter.get(),
                build.variant().optimization(),
                source,
                text.bytes,
                new CompileRequest.Key(visible, stamp)));
    if (!isStill(visible, text)) {
      return new Outcome.Skipped(target, SOURCE_CHANGED);
    }
    if (compiled instanceof Compiled.Code code) {
      byte[] header = header(territory, build, interpreter.get(), text);
      return write(pair, build, visible, text, header, code.body());
    }
    return refused(attempt, stamp, compiled).orElseGet(() -> failed(attempt, target, compiled));
  }

  private Outcome write(
      DirectoryPair pair,
      Build.Compilation build,
      Path visible,
      Text text,
      byte[] header,
      byte[] body)
      throws IOException {
    Path target = pair.mirror().resolve(build.name());
    writer.write(pair.mirror(), build.name(), text.attributes, header, body);
    if (!isStill(visible, text)) {
      // Nobody could tell any more that the bytecode, now the younger, is of the text before.
      writer.delete(pair.mirror(), build.name());
      return new Outcome.Skipped(target, SOURCE_CHANGED);
    }
    return new Outcome.Compiled(
        target, build.reason(), (long) header.length + body.length, build.evidence());
  }

  /** The source's fault, if it is. */
  private Optional<Outcome> refused(Attempt attempt, FileStamp stamp, Compiled compiled) {
    String message;
    if (compiled instanceof Compiled.Refused no) {
      message = no.message();
    } else if (compiled instanceof Compiled.Quarantined quarantined) {
      message = quarantined.reason();
    } else {
      return Optional.empty();
    }
    refusals.put(attempt, new Refusal(stamp, message));
    return Optional.of(new Outcome.Refused(attempt.source(), message, false));
  }

  /** The interpreter's fault. */
  private Outcome failed(Attempt attempt, Path target, Compiled compiled) {
    Compiled.Failed failed = (Compiled.Failed) compiled;
    if (failed.cause() == Compiled.Cause.CHANGED) {
      toolchain.interpreters().forget(attempt.interpreter());
    }
    return new Outcome.Failed(target, new IOException(failed.reason()));
  }

  /** Whether the file that is to be replaced is the one that was surveyed; or missing by now. */
  private static boolean isStillWanted(Path target, Build build) throws IOException {
    try {
      FileStamp now = FileStamp.of(target);
      return build.replaced().filter(old -> old.stamp().equals(now)).isPresent();
    } catch (NoSuchFileException missing) {
      return true;
    }
  }

  /**
   * A stamp that the next change of the source will not leave as it is; of one that was changed
   * just now, a tick later. Nothing of one that is being changed all the time.
   */
  private Optional<FileStamp> lookAt(Path visible) throws IOException, InterruptedException {
    Optional<FileStamp> stamp = settled(visible);
    if (stamp.isEmpty()) {
      Thread.sleep(TICK.plus(TICK).toMillis());
      stamp = settled(visible);
    }
    return stamp;
  }

  private Optional<FileStamp> settled(Path visible) throws IOException {
    Instant now = clock.instant();
    FileStamp stamp = FileStamp.following(visible);
    Duration age = Duration.between(stamp.mtime().toInstant(), now);
    return Optional.of(stamp).filter(settled -> age.abs().compareTo(TICK) > 0);
  }

  private static Text read(Path visible, FileStamp stamp) throws IOException {
    if (!stamp.isRegular() || stamp.size() > MAX_SOURCE_BYTES) {
      throw new FileSystemException(
          visible.toString(),
          null,
          "source is %s of %d bytes, expected a regular file of at most %d"
              .formatted(stamp.kind(), stamp.size(), MAX_SOURCE_BYTES));
    }
    if (stamp.size() == 0 && visible.toRealPath().startsWith("/proc")) {
      // The kernel makes it up as it is read, and may keep its reader waiting: /proc/kmsg.
      throw new FileSystemException(visible.toString(), null, "source leads to proc(5)");
    }
    PosixFileAttributes attributes = Files.readAttributes(visible, PosixFileAttributes.class);
    try (InputStream in = Channels.newInputStream(GuardedOpen.file(visible))) {
      // No more than it had: its name may stand for a device by now, which never ends.
      return new Text(stamp, attributes, in.readNBytes((int) stamp.size()));
    }
  }

  /** Whether what was read is what the source holds. */
  private static boolean isStill(Path visible, Text text) throws IOException {
    return text.bytes.length == text.stamp.size()
        && FileStamp.following(visible).equals(text.stamp);
  }

  /** Hash-based stays hash-based, as when importlib replaces a file. */
  private static byte[] header(
      Territory territory, Build.Compilation build, Interpreter interpreter, Text text)
      throws IOException {
    Magic magic =
        Magics.find(interpreter.magic())
            .orElseThrow(() -> new IOException("no known Python has " + interpreter.magic()));
    InvalidationMode mode =
        build
            .replaced()
            .flatMap(old -> old.header())
            .map(old -> InvalidationMode.of(old.invalidation()))
            .filter(old -> old != InvalidationMode.TIMESTAMP)
            .orElse(territory.warm().invalidation());
    if (mode != InvalidationMode.TIMESTAMP && !interpreter.hashes()) {
      throw new IOException(
          "the source hash of " + interpreter.executable() + " can only be computed by itself");
    }
    return PycHeader.of(magic, mode.describe(magic, text.stamp.mtime(), text.bytes)).encode();
  }
}
