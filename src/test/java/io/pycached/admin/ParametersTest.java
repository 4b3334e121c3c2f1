package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pycached.layout.RawPath;
import java.nio.file.FileSystems;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParametersTest {
  private final Parameters parameters =
      new Parameters(Set.of("path", "project", "dry_run", "full"));

  @Test
  void addQuery_percentEncodedBytes_becomeThePathsBytes() throws Exception {
    parameters.addQuery("path=%2Fa%20b%ff&path=/c++");
    assertThat(parameters.paths("path", FileSystems.getDefault()))
        .extracting(RawPath::of)
        .containsExactly("/a b\u00ff", "/c++");
  }

  @Test
  void addQueryAndBody_bothGiven_areOneSet() throws Exception {
    parameters.addQuery("project=shop&dry_run=true");
    parameters.addBody(
        "{\"project\":[\"caf\u00e9\"],\"full\":false,\"path\":\"/\u00fc\"}".getBytes(UTF_8));
    assertThat(parameters.texts("project")).containsExactly("shop", "caf\u00e9");
    assertThat(parameters.flag("dry_run")).isTrue();
    assertThat(parameters.flag("full")).isFalse();
    assertThat(parameters.paths("path", FileSystems.getDefault()))
        .extracting(RawPath::of)
        .containsExactly("/\u00c3\u00bc");
  }

  @Test
  void addBody_pathBase64_isThePathsBytes() throws Exception {
    parameters.addBody("{\"path_base64\":\"L3RtcC/+eA==\"}".getBytes(UTF_8));
    assertThat(parameters.paths("path", FileSystems.getDefault()))
        .extracting(RawPath::of)
        .containsExactly("/tmp/\u00fex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dryrun=true", "path", "=", "path=%", "path=%4", "path=%zz", "path=\u00e9"})
  void addQuery_notAQueryOfOurs_isRefused(String query) {
    assertThatThrownBy(() -> parameters.addQuery(query)).isInstanceOf(BadRequestException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "null",
        "\"path\"",
        "{",
        "{}{}",
        "{'path':'/a'}",
        "{\"path\":1}",
        "{\"path\":null}",
        "{\"path\":{\"path\":\"/a\"}}",
        "{\"path\":[[\"/a\"]]}",
        "{\"path_base64\":\"%\"}",
        "{\"dryrun\":true}",
        "{\"path\":\"/a\",}",
      })
  void addBody_notABodyOfOurs_isRefused(String body) {
    assertThatThrownBy(() -> parameters.addBody(body.getBytes(UTF_8)))
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void addBody_notUtf8_isRefused() {
    assertThatThrownBy(() -> parameters.addBody("{\"path\":\"/\u00ff\"}".getBytes(ISO_8859_1)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void addBody_nestedBeyondReason_isRefused() {
    assertThatThrownBy(
            () -> parameters.addBody(("{\"path\":" + "[".repeat(60_000)).getBytes(UTF_8)))
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void addQuery_moreThanTheBound_isRefused() {
    assertThatThrownBy(
            () -> parameters.addQuery("path=/&".repeat(Parameters.MAX_VALUES) + "path=/"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("1000");
  }

  @Test
  void addQuery_nameWithLineFeed_isToldInOneLine() {
    assertThatThrownBy(() -> parameters.addQuery("dry%0arun%1b%c2%9b=true"))
        .isInstanceOfSatisfying(
            BadRequestException.class,
            bad -> assertThat(bad.line()).isEqualTo("unknown parameter: dry?run??"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"path=a", "path=", "path=/%00", "path=/%00%ff"})
  void paths_notAPath_isRefused(String query) throws Exception {
    parameters.addQuery(query);
    assertThatThrownBy(() -> parameters.paths("path", FileSystems.getDefault()))
        .isInstanceOf(BadRequestException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full=yes", "full=", "full=true&full=true"})
  void flag_notTrueOrFalseOnce_isRefused(String query) throws Exception {
    parameters.addQuery(query);
    assertThatThrownBy(() -> parameters.flag("full")).isInstanceOf(BadRequestException.class);
  }
}
