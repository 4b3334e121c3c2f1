package io.pycached.fs;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** The contract in memory. */
final class JimfsDirectoryTest extends DirectoryContract {
  private final FileSystem fileSystem =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix")
              .build());

  @Override
  Path top() throws IOException {
    return Files.createDirectory(fileSystem.getPath("/top"));
  }

  @AfterEach
  void close() throws IOException {
    fileSystem.close();
  }
}
