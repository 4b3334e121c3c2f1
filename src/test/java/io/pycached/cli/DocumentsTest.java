package io.pycached.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages as man(1) shows them, and the completions in the shells they are for. */
@TestInstance(Lifecycle.PER_CLASS)
final class DocumentsTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final String[] SECTIONS = {
    "NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"
  };

  /** Types a line, presses the tabulator, and prints what is offered, a word a line. */
  private static final String COMPLETE_IN_BASH =
      """
      . "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _pycached
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  /**
   * The same; zsh completes in its line editor only. What would be inserted is caught on the way.
   * Nothing is typed before that editor reads: until then the terminal itself would take Ctrl-U.
   */
  private static final String COMPLETE_IN_ZSH =
      """
      zmodload zsh/zpty
      zpty typed zsh -f -i
      zpty -w typed "PS1=; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -D -u"
      zpty -w typed 'bindkey "^I" complete-word; zstyle ":completion:*" insert-tab false'
      zpty -w typed 'compadd() { case $@ in *-O*|*-A*|*-D*) builtin compadd "$@"; return;; esac
        typeset -a all; builtin compadd -A all "$@"; print -rl -- \\<${^all}\\>; builtin compadd "$@"; }'
      zpty -w typed 'zle-line-init() { print re""ady }; zle -N zle-line-init'
      zpty -r -m typed out '*ready*' || exit 1
      zpty -w -n typed "$2"$'\\t'
      zpty -w typed $'\\C-u print do""ne'
      zpty -r -m typed out '*done*'
      zpty -d typed
      print -r -- $out | tr -d '\\r' | grep -o '<[^<>]*>' | tr -d '<>'
      """;

  private Path share = PROJECT;

  @BeforeAll
  void write(@TempDir Path directory) throws IOException {
    share = directory;
    Documents.write(PROJECT, share, "1.2.3", ZonedDateTime.parse("2026-11-22T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"man1/pycached.1", "man5/pycached.toml.5", "man8/pycached.8"})
  void page_isFormattedWithoutWarning(String name) throws Exception {
    Path page = share.resolve("man").resolve(name);
    assumeThat(has("man")).as("needs man").isTrue();
    Output shown = run("man", "--warnings", "-l", page.toString());
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out()).contains("pycached 1.2.3", "2026-11-22").doesNotContain("insert");
    List<String> headings = shown.out().lines().filter(line -> line.matches("[A-Z ]+")).toList();
    List<String> expected = new ArrayList<>(Arrays.asList(SECTIONS));
    if (name.endsWith("5")) {
      expected.remove("EXIT STATUS");
    } else {
      expected.addAll(List.of("OPTIONS", "FILES"));
    }
    assertThat(headings).containsAll(expected).doesNotHaveDuplicates();
  }

  @Test
  void commands_areAllInThePage_withAllTheirOptions() throws Exception {
    String page = Files.readString(share.resolve("man/man1/pycached.1"));
    for (CommandSpec command : CommandModel.ofProgram().commands()) {
      assertThat(page).contains("\n.SS " + command.name() + "\n");
      for (OptionSpec option : command.options()) {
        assertThat(page).contains("\n" + Roff.option(option).substring(".TP\n".length()));
      }
    }
  }

  @Test
  void exitStatuses_areAllInThePage() throws Exception {
    String page = Files.readString(share.resolve("man/man1/pycached.1"));
    for (ExitStatus status : ExitStatus.values()) {
      assertThat(page).contains("\n.B " + status.code() + "\n");
    }
  }

  /** {@code ExampleFileTest} compares the file with the parser. */
  @Test
  void keys_areAllInThePage_andEachHasADefaultOrAnExample() throws Exception {
    String page = Files.readString(share.resolve("man/man5/pycached.toml.5"));
    List<String> keys =
        Files.readAllLines(PROJECT.resolve("config/pycached.toml")).stream()
            .filter(line -> line.matches("#?[a-z-]+ = .*"))
            .map(line -> line.replaceAll("^#?([a-z-]+) = .*", "$1"))
            .toList();
    assertThat(keys).hasSizeGreaterThan(30);
    List<String> paragraphs =
        page.lines().filter(line -> line.matches("\\\\fB[a-z\\\\-]+\\\\fR \\(.*\\)")).toList();
    assertThat(paragraphs)
        .extracting(line -> line.replaceAll("\\\\fB|\\\\fR.*", "").replace("\\-", "-"))
        .containsExactlyElementsOf(keys);
    assertThat(page.lines().filter(line -> line.contains("Example:") || line.contains("Default:")))
        .hasSize(keys.size());
  }

  @ParameterizedTest
  @CsvSource({
    "pycached '',check",
    "pycached pr,prune",
    "pycached check --,--body",
    "pycached check --b,--body",
    "pycached check -o '',json",
    "pycached check --output = j,json",
    "pycached env --shell f,fish",
    "pycached --prefix check src --,--all",
    "pycached check sr,src",
    "pycached check --prefix sr,src",
    "pycached inspect pom,pom.xml",
    "pycached measure -- python3 pom,pom.xml"
  })
  void bash_offers(String line, String offered) throws Exception {
    Path script = share.resolve("bash-completion/completions/pycached");
    List<String> command = new ArrayList<>(List.of("bash", "-c", COMPLETE_IN_BASH, "bash"));
    command.add(script.toString());
    for (String word : line.split(" ", -1)) {
      command.add(word.equals("''") ? "" : word);
    }
    Output output = run(command.toArray(String[]::new));
    assertThat(output.err()).isEmpty();
    assertThat(output.out().lines()).as(line).contains(offered);
  }

  @Test
  void bash_offersNothingElse() throws Exception {
    String script = share.resolve("bash-completion/completions/pycached").toString();
    List<String> commands =
        Stream.concat(
                CommandModel.ofProgram().commands().stream().map(CommandSpec::name),
                Stream.of("--help", "--version"))
            .toList();
    assertThat(run("bash", "-c", COMPLETE_IN_BASH, "bash", script, "pycached", "").out().lines())
        .containsExactlyElementsOf(commands);
    assertThat(
            run("bash", "-c", COMPLETE_IN_BASH, "bash", script, "pycached", "status", "-")
                .out()
                .lines())
        .containsExactly(
            "--socket", "-o", "--output", "--check", "-h", "--help", "-V", "--version");
    assertThat(
            run("bash", "-c", COMPLETE_IN_BASH, "bash", script, "pycached", "sync", "-j", "")
                .out()
                .strip())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'pycached ',check",
    "'pycached check --',--body",
    "'pycached check -o ',json",
    "'pycached env --shell ',fish"
  })
  void zsh_offers(String line, String offered) throws Exception {
    assumeThat(has("zsh")).as("needs zsh").isTrue();
    Output output =
        run(
            "zsh",
            "-f",
            "-c",
            COMPLETE_IN_ZSH,
            "zsh",
            share.resolve("zsh/site-functions").toString(),
            line);
    assertThat(output.out().lines()).as("%s", output).contains(offered);
  }

  @ParameterizedTest
  @CsvSource({
    "'pycached ',check",
    "'pycached check --',--body",
    "'pycached check -o ',json",
    "'pycached env --shell ',fish",
    "'pycached run sr',src/",
    "'pycached status --socket pom',pom.xml",
    "'pycached measure -- python3 pom',pom.xml"
  })
  void fish_offers(String line, String offered) throws Exception {
    assumeThat(has("fish")).as("needs fish").isTrue();
    String script = share.resolve("fish/vendor_completions.d/pycached.fish").toString();
    Output output =
        run("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line);
    assertThat(output.err()).isEmpty();
    assertThat(output.out().lines().map(each -> each.replaceFirst("\t.*", "")))
        .as(line)
        .contains(offered);
  }

  private record Output(String out, String err) {}

  private static boolean has(String program) throws Exception {
    return !run("sh", "-c", "command -v " + program).out().isEmpty();
  }

  private static Output run(String... command) throws IOException, InterruptedException {
    Path err = Files.createTempFile("documents", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("MANWIDTH", "100");
      builder.redirectError(ProcessBuilder.Redirect.to(err.toFile()));
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      process.waitFor();
      return new Output(out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
