package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.it.Claims.Runner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No commands are shown that nobody has tried. */
final class ClaimsTest {
  @TempDir Path directory;

  @Test
  void blocks_ofAllDocuments_areClaimedOnce() throws Exception {
    assertThat(Claims.blocks())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            block ->
                assertThat(Claims.all().stream().filter(claim -> claim.isFor(block)))
                    .as("claims to %s", block)
                    .hasSize(1));
  }

  @Test
  void claims_haveTheirBlocks() throws Exception {
    List<Block> blocks = Claims.blocks();
    assertThat(Claims.all()).allMatch(claim -> blocks.stream().anyMatch(claim::isFor));
  }

  @Test
  void blocks_thatNobodyRuns_showNoPrompt() throws Exception {
    assertThat(Claims.of(Runner.NOBODY)).hasSize(6).noneMatch(Block::isSession);
  }

  @Test
  void blocks_ofWhatCannotRunHere_areNotThere() throws Exception {
    assertThat(Claims.blocks())
        .noneMatch(block -> block.script().matches("(?s).*(kubectl|docker[ -]compose).*"));
  }

  /** The others are run from another place, or later. */
  @Test
  void layout_saysWhatTheReadmeSays() throws Exception {
    List<String> layouts =
        Claims.of(Runner.CONTAINERS).stream()
            .map(Block::script)
            .filter(script -> script.contains("docker build -t pycached"))
            .map(script -> script.replace("sh config", "config").replace("\n", " && "))
            .toList();
    assertThat(layouts).hasSize(3);
    assertThat(layouts.stream().distinct()).hasSize(1);
  }

  @Test
  void parse_markdown_endsABlockWhereTextBegins() throws Exception {
    Path file = directory.resolve("a.md");
    Files.writeString(file, "one\n\n    $ a\n    b\n\n      c\n    $ d\n\nt\n\n```sh\ne  f\n```\n");
    List<Block> blocks = Block.of(file);
    assertThat(blocks)
        .containsExactly(
            new Block(file, List.of("$ a", "b", "", "  c", "$ d")),
            new Block(file, List.of("e  f")));
    assertThat(blocks.get(0).steps())
        .containsExactly(new Step("a", List.of("b", "", "  c")), new Step("d", List.of()));
  }

  @Test
  void parse_comment_cutsRemarks() throws Exception {
    Path file = directory.resolve("a.conf");
    Files.writeString(file, "# Say\n#   a b    to do c\n#   d \\\n#     e\n#\nf\n");
    List<Block> blocks = Block.of(file);
    assertThat(blocks).hasSize(1);
    assertThat(blocks.get(0).script()).isEqualTo("a b\nd \\\n  e");
  }
}
