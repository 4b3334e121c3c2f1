package io.pycached.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A pycache prefix with nothing in it, for as long as it is open; gone also after a SIGINT. */
final class EmptyPrefix implements AutoCloseable {
  private final Path path;
  private final Thread atEnd;

  private EmptyPrefix(Path path) {
    this.path = path;
    this.atEnd = new Thread(this::delete, "empty-prefix");
  }

  static EmptyPrefix create() throws IOException {
    EmptyPrefix prefix = new EmptyPrefix(Files.createTempDirectory("pycached-cold-"));
    Runtime.getRuntime().addShutdownHook(prefix.atEnd);
    return prefix;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atEnd);
    delete();
  }

  /** A program may write bytecode whatever its environment says. */
  private void delete() {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path directory, @Nullable IOException unreadable) throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException left) {
      // What is still written to stays below the temporary directory, whose keeper clears it.
    }
  }
}
