package io.pycached.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TrustedGroupTest {
  private final Path etc = Jimfs.newFileSystem(Configuration.unix()).getPath("/etc");

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(etc);
    Files.writeString(
        etc.resolve("group"),
        """
        root:x:0:
        # a line that is none
        python:x:2001:anna,bert,gone
        python-dev:x:2002:bert
        """);
    Files.writeString(
        etc.resolve("passwd"),
        """
        anna:x:1001:1001:Anna:/home/anna:/bin/sh
        bert:x:1002:1002::/home/bert:/bin/sh
        cleo:x:1003:2001::/home/cleo:/bin/sh
        broken:x:many:2001
        """);
  }

  @Test
  void read_group_hasThoseListedAndThoseWhoseOwnItIs() throws IOException {
    TrustedGroup group = TrustedGroup.read(etc, "python");
    assertThat(group.gid()).isEqualTo(2001);
    assertThat(group.members()).containsExactlyInAnyOrder(1001, 1002, 1003);
  }

  @Test
  void read_otherGroupWithTheSameBeginning_isNotTaken() throws IOException {
    assertThat(TrustedGroup.read(etc, "python-dev").members()).containsExactly(1002);
  }

  @Test
  void read_noSuchGroup_saysWhatWasExpectedAndWhere() {
    assertThatThrownBy(() -> TrustedGroup.read(etc, "pyth"))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/etc/group")
        .hasMessageContaining("pyth");
  }

  @Test
  void read_noFileAtAll_saysTheSame() throws IOException {
    Files.delete(etc.resolve("group"));
    assertThatThrownBy(() -> TrustedGroup.read(etc, "python"))
        .isInstanceOf(FileSystemException.class);
  }
}
