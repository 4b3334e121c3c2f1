package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.testing.PycacheTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrefixCheckTest {
  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/srv");
  private final PrefixCheck check =
      new PrefixCheck(root.resolve("it's/p"), List.of(PycacheTree.project("shop", root)));
  private final PrefixCheck outside = new PrefixCheck(root.resolve("p"), List.of());

  @Test
  void look_nothingThere_offersToMakeIt() throws IOException {
    assertThat(check.look().get(0).mend()).hasValue("install -d -m 755 -- '/srv/it'\\''s/p'");
    assertThat(check.look().get(0).severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void look_directoryInAProject_saysWhichOne() throws IOException {
    Files.createDirectories(root.resolve("it's/p"));
    assertThat(check.look())
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK, Severity.WARNING);
    assertThat(check.look().get(1).found()).contains("in the project shop");
  }

  @Test
  void look_file_isAProblem() throws IOException {
    Files.createDirectories(root);
    Files.writeString(root.resolve("p"), "x");
    assertThat(outside.look()).extracting(Diagnosis::severity).containsExactly(Severity.PROBLEM);
  }
}
