package io.pycached.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExclusionsTest {
  private final FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = fileSystem.getPath("/srv/shop");

  @AfterEach
  void close() throws IOException {
    fileSystem.close();
  }

  @ParameterizedTest
  @CsvSource({
    "**/node_modules,      node_modules,        true",
    "**/node_modules,      web/node_modules,    true",
    "**/node_modules,      web/node_modules2,   false",
    "**/node_modules,      node_modules/left,   false",
    "**/*.egg-info,        shop.egg-info,       true",
    "**/*.egg-info,        lib/shop.egg-info,   true",
    "**/build/lib,         build/lib,           true",
    "**/build/lib,         x/build/lib,         true",
    "**/build/lib,         build,               false",
    "build,                build,               true",
    "build,                x/build,             false",
    "/srv/shop/media,      media,               true",
    "/srv/shop/media,      x/media,             false",
    "var/*,                var/run,             true",
    "var/*,                var/run/x,           false",
    "'{tmp,var}/*',        tmp/x,               true",
    "**/.git,              __pycache__,         true",
    "**/.git,              a/__pycache__,       true",
    "**/.git,              '',                  false",
  })
  void excludes_directory_isDecidedByGlobs(String glob, String relative, boolean excluded) {
    Exclusions exclusions = Exclusions.of(fileSystem, List.of(glob));
    assertThat(exclusions.excludes(root, fileSystem.getPath(relative))).isEqualTo(excluded);
  }

  @Test
  void of_badGlob_isRefused() {
    assertThatThrownBy(() -> Exclusions.of(fileSystem, List.of("[")))
        .isInstanceOf(PatternSyntaxException.class);
  }
}
