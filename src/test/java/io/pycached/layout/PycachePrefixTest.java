package io.pycached.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PycachePrefixTest {
  private final PycachePrefix prefix = new PycachePrefix(Path.of("/var/pfx"));

  @Test
  void mirrorOf_directory_liesBelowThePrefixWithoutItsRoot() {
    assertThat(prefix.mirrorOf(Path.of("/srv/app"))).isEqualTo(Path.of("/var/pfx/srv/app"));
    assertThat(prefix.mirrorOf(Path.of("/"))).isEqualTo(Path.of("/var/pfx"));
  }

  @Test
  void directoryOf_mirror_isTheInverse() {
    assertThat(prefix.directoryOf(Path.of("/var/pfx/srv/app"))).hasValue(Path.of("/srv/app"));
    assertThat(prefix.directoryOf(Path.of("/var/pfx"))).hasValue(Path.of("/"));
    assertThat(prefix.directoryOf(Path.of("/var/pfx2/srv"))).isEmpty();
  }

  @Test
  void prefix_relative_isRefused() {
    assertThatThrownBy(() -> new PycachePrefix(Path.of("pfx")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pfx");
  }

  @Test
  void isOwn_stateDirectory_isOursAtTheTopOnly() {
    assertThat(PycachePrefix.isOwn(Path.of("/"), ".pycached")).isTrue();
    assertThat(PycachePrefix.isOwn(Path.of("/srv"), ".pycached")).isFalse();
    assertThat(PycachePrefix.isOwn(Path.of("/.pycached"))).isTrue();
    assertThat(PycachePrefix.isOwn(Path.of(".pycached"))).isTrue();
    assertThat(PycachePrefix.isOwn(Path.of("/srv/.pycached"))).isFalse();
    assertThat(PycachePrefix.isOwn(Path.of("/.pycached/below"))).isFalse();
    assertThat(PycachePrefix.isOwn(Path.of("/"))).isFalse();
    assertThat(PycachePrefix.isOwn(Path.of(""))).isFalse();
  }
}
