package io.pycached.testing;

import static java.util.Objects.requireNonNull;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.layout.Exclusions;
import io.pycached.layout.Project;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A project called {@code shop} and a prefix, side by side in one directory.
 *
 * <p>Bytecode is CPython 3.12's: the names and headers that its import system writes, and a body
 * that nobody reads. Sources are named by their path below the project's root.
 */
public final class PycacheTree {
  /** Behind the header: enough that the file does not end with it. */
  private static final int BODY_BYTES = 8;

  private static final int HEADER_BYTES = 16;
  private static final int MAGIC = 3531 | '\r' << 16 | '\n' << 24;

  private final Path top;
  private final Path root;
  private final Path prefix;

  private PycacheTree(Path top, Path root, Path prefix) {
    this.top = top;
    this.root = root;
    this.prefix = prefix;
  }

  /** {@return an empty project and prefix in {@code top}} */
  public static PycacheTree in(Path top) throws IOException {
    Path root = Files.createDirectories(top.resolve("srv/shop"));
    Path prefix = Files.createDirectories(top.resolve("prefix"));
    return new PycacheTree(top, root, prefix);
  }

  /** {@return the same in memory, with the time of {@code clock}} */
  public static PycacheTree inMemory(SetClock clock) throws IOException {
    return in(memory(clock).getPath("/top"));
  }

  /** {@return a file system in memory, with inodes and the time of {@code clock}} */
  public static FileSystem memory(SetClock clock) {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder()
            .setAttributeViews("basic", "owner", "posix", "unix")
            .setFileTimeSource(clock)
            .build());
  }

  /** {@return what holds both} */
  public Path top() {
    return top;
  }

  /** {@return the project's root} */
  public Path root() {
    return root;
  }

  public PycachePrefix prefix() {
    return new PycachePrefix(prefix);
  }

  /** {@return the project, with {@code globs} left out} */
  public Project project(String... globs) {
    return project("shop", root, globs);
  }

  /** {@return another project on the same disk} */
  public static Project project(String name, Path root, String... globs) {
    Exclusions exclusions = Exclusions.of(root.getFileSystem(), List.of(globs));
    return new Project(name, root, root, exclusions);
  }

  /** {@return the mirror of the directory {@code directory} of the project} */
  public Path mirror(String directory) {
    return prefix().mirrorOf(root.resolve(directory));
  }

  /** {@return the bytecode file of the source {@code source} of the project} */
  public Path bytecode(String source) {
    return bytecode(root.resolve(source));
  }

  /** {@return the bytecode file of {@code source}, absolute} */
  public Path bytecode(Path source) {
    String name = source.getFileName().toString();
    String module = name.substring(0, name.lastIndexOf('.'));
    return prefix()
        .mirrorOf(requireNonNull(source.getParent()))
        .resolve(module + ".cpython-312.pyc");
  }

  /** Writes a source of {@code size} bytes. */
  public Path source(String source, int size) throws IOException {
    Path path = root.resolve(source);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "#".repeat(size));
  }

  /** Writes a source and bytecode that fits it. */
  public Path fresh(String source) throws IOException {
    return compile(source(source, 7), 0);
  }

  /** Writes a source and bytecode of an older version of it, whose size was another. */
  public Path stale(String source) throws IOException {
    return compile(source(source, 11), 1);
  }

  /** Writes bytecode without a source. */
  public Path orphan(String source) throws IOException {
    Path path = fresh(source);
    Files.delete(root.resolve(source));
    return path;
  }

  /** {@return the evidence that the source of {@code bytecode} is missing} */
  public String noSource(Path bytecode) {
    Path directory = prefix().directoryOf(requireNonNull(bytecode.getParent())).orElseThrow();
    if (Files.notExists(directory)) {
      return "its directory " + directory + " is gone";
    }
    String module = bytecode.getFileName().toString().replaceFirst("\\..*", "");
    return "none of %1$s.py, %1$s.pyw, .%1$s is in %2$s".formatted(module, directory);
  }

  /** Writes bytecode that is {@code off} bytes off the size of {@code source}. */
  public Path compile(Path source, int off) throws IOException {
    Path path = bytecode(source);
    Files.createDirectories(path.getParent());
    long mtime = Files.getLastModifiedTime(source).toInstant().getEpochSecond();
    return Files.write(path, pyc((int) mtime, (int) Files.size(source) + off));
  }

  /** {@return the bytes of a bytecode file of a source} */
  public static byte[] pyc(int mtime, int size) {
    return ByteBuffer.allocate(HEADER_BYTES + BODY_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(0)
        .putInt(mtime)
        .putInt(size)
        .array();
  }

  /** {@return the size of every bytecode file} */
  public static long bytecodeBytes() {
    return HEADER_BYTES + BODY_BYTES;
  }
}
