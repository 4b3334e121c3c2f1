package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fuzz.Target;
import io.pycached.layout.RawPath;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A query and, after a line feed, a body are parameters, or a bad request. */
public final class ParametersTarget implements Target {
  @Override
  public String outcome(byte[] input) {
    String text = new String(input, ISO_8859_1);
    int end = text.indexOf('\n');
    Parameters parameters = new Parameters(Set.of("path", "project", "dry_run", "full", "confirm"));
    try {
      parameters.addQuery(end < 0 ? text : text.substring(0, end));
      parameters.addBody(end < 0 ? new byte[0] : text.substring(end + 1).getBytes(ISO_8859_1));
      List<Path> paths = parameters.paths("path", FileSystems.getDefault());
      for (Path path : paths) {
        assertThat(path.isAbsolute()).isTrue();
        assertThat(RawPath.of(path)).startsWith("/").doesNotContain("\0");
      }
      List<String> texts = parameters.texts("project");
      return "paths %d, projects %d, %s %s %s"
          .formatted(
              Math.min(paths.size(), 2),
              Math.min(texts.size(), 2),
              parameters.flag("dry_run"),
              parameters.flag("full"),
              parameters.flag("confirm"));
    } catch (BadRequestException bad) {
      assertThat(bad.line()).isNotBlank().doesNotContain("\n", "\r", "\u001b");
      // The rest names what the client sent.
      String[] words = bad.line().split(" ", 3);
      boolean ofBody = bad.line().endsWith(": not a string or a boolean");
      return ofBody ? "not a string or a boolean" : words[0] + " " + words[1];
    }
  }

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "path=%2Fa%20b%ff&path=/c++&dry_run=true",
            "project=shop&full=false&confirm=true",
            "\n{\"path\":[\"/a\",\"/b\"],\"dry_run\":true}",
            "full=true\n{\"path_base64\":\"L3RtcC/+eA==\",\"project\":\"caf\\u00e9\"}",
            "\n{\"confirm\":false,\"project\":[\"\",\"x\"]}")
        .map(text -> text.getBytes(ISO_8859_1))
        .toList();
  }
}
