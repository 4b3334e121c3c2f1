package io.pycached.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes what is shipped of words that are elsewhere already: manual pages and completions.
 *
 * <p>The pages are written by hand, in {@code src/man}, but for the parts that the program or its
 * configuration file say of themselves: {@code .\" insert NAME} stands for such a part, and {@code
 * \*[version]} and {@code \*[date]} for what changes with each release. This runs in the build, on
 * the test class path: nothing of it is shipped.
 *
 * <p>Why not picocli's own generator: it writes AsciiDoc, which asciidoctor, a Ruby program of 28
 * MB, makes into pages; one for each command, and none for the configuration.
 */
final class Documents {
  private static final Pattern INSERT =
      Pattern.compile("^\\.\\\\\" insert (.*)$", Pattern.MULTILINE);

  /** What Debian wants to know beside the project's own list of changes. */
  private static final String CHANGELOG =
      """
      pycached (%s-1) unstable; urgency=medium

        * As upstream says in changelog.gz.

       -- pycached maintainers <maintainers@pycached.io>  %s
      """;

  private static final DateTimeFormatter CHANGED =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  private final Map<String, String> words = new TreeMap<>();
  private final CommandModel model = CommandModel.ofProgram();

  private Documents(String toml) {
    CommandSections sections = new CommandSections(model);
    words.put("commands", sections.commands());
    words.put("common options", sections.commonOptions());
    words.put("synopsis of run", sections.synopsis("run"));
    words.put("options of run", sections.options("run"));
    words.put("keys", KeySections.of(toml));
  }

  /**
   * Writes all of them.
   *
   * @param arguments the project's directory, the {@code share} directory to write to, that of the
   *     Debian package, the version, and the time of the release
   */
  public static void main(String[] arguments) throws IOException {
    String version = arguments[3];
    ZonedDateTime release = Instant.parse(arguments[4]).atZone(ZoneOffset.UTC);
    write(Path.of(arguments[0]), Path.of(arguments[1]), version, release);
    write(
        Path.of(arguments[2], "doc", "changelog.Debian"),
        CHANGELOG.formatted(version.replace("-SNAPSHOT", "~snapshot"), CHANGED.format(release)));
  }

  static void write(Path project, Path share, String version, ZonedDateTime release)
      throws IOException {
    String date = DateTimeFormatter.ISO_LOCAL_DATE.format(release);
    Documents documents = new Documents(Files.readString(project.resolve("config/pycached.toml")));
    for (String page : new String[] {"pycached.1", "pycached.toml.5", "pycached.8"}) {
      String template = Files.readString(project.resolve("src/man").resolve(page));
      write(
          share.resolve("man/man" + page.substring(page.length() - 1)).resolve(page),
          documents.page(template, version, date));
    }
    documents.completion(share, "bash-completion/completions/pycached", BashCompletion::of);
    documents.completion(share, "zsh/site-functions/_pycached", ZshCompletion::of);
    documents.completion(share, "fish/vendor_completions.d/pycached.fish", FishCompletion::of);
  }

  private String page(String template, String version, String date) {
    Matcher insert = INSERT.matcher(template);
    String whole =
        insert.replaceAll(
            found -> {
              String text = words.get(found.group(1));
              if (text == null) {
                throw new IllegalArgumentException("nothing to insert: " + found.group(1));
              }
              return Matcher.quoteReplacement(text.stripTrailing());
            });
    return whole.replace("\\*[version]", version).replace("\\*[date]", date);
  }

  private void completion(Path share, String file, Function<CommandModel, String> script)
      throws IOException {
    write(share.resolve(file), script.apply(model));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }
}
