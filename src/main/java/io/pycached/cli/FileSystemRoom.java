package io.pycached.cli;

import io.pycached.doctor.SpaceCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How much is left, as this machine tells. */
final class FileSystemRoom implements SpaceCheck.Room {
  private static final long PATIENCE_SECONDS = 5;
  private static final int MAX_BYTES = 100;

  @Override
  public long freeBytes(Path path) throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }

  @Override
  public long totalBytes(Path path) throws IOException {
    return Files.getFileStore(path).getTotalSpace();
  }

  /**
   * The JDK does not tell; stat(1) does. A file system that makes inodes as it goes says 0 of 0.
   */
  @Override
  public OptionalLong freeInodes(Path path) throws IOException {
    Process stat;
    try {
      stat =
          new ProcessBuilder("stat", "-f", "-c", "%d %c", "--", path.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException noSuchProgram) {
      return OptionalLong.empty();
    }
    try {
      stat.getOutputStream().close();
      String answer =
          new String(stat.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
      if (!stat.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || stat.exitValue() != 0) {
        return OptionalLong.empty();
      }
      String[] numbers = answer.strip().split(" ", -1);
      return numbers.length != 2 || numbers[1].equals("0")
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(numbers[0]));
    } catch (NumberFormatException other) {
      return OptionalLong.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } finally {
      stat.destroyForcibly();
    }
  }
}
