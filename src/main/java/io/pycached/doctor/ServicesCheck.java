package io.pycached.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the machine's files say to services and logins: {@code DefaultEnvironment=} of
 * systemd-system.conf(5), environment.d(5) and pam_env's {@code /etc/environment}.
 */
public final class ServicesCheck implements Check {
  private static final List<String> FILES =
      List.of("environment", "systemd/system.conf", "systemd/user.conf");
  private static final List<String> DIRECTORIES =
      List.of("environment.d", "systemd/system.conf.d", "systemd/user.conf.d");

  /** An assignment, in quotes or not; a comment has none. */
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "^(?![#;]).*?\\b" + Variables.PREFIX + "=(?:\"([^\"]*)\"|'([^']*)'|([^\"'\\s]*))",
          Pattern.MULTILINE);

  private static final long MAX_BYTES = 1 << 20;

  private final Path etc;
  private final Path prefix;

  public ServicesCheck(Path etc, Path prefix) {
    this.etc = etc;
    this.prefix = prefix;
  }

  @Override
  public String name() {
    return "services";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    List<Diagnosis> found = new ArrayList<>();
    for (Path file : files()) {
      Matcher assignment = ASSIGNMENT.matcher(text(file));
      while (assignment.find()) {
        String value =
            assignment.group(1) != null
                ? assignment.group(1)
                : assignment.group(2) != null ? assignment.group(2) : assignment.group(3);
        found.add(diagnosis(file, value));
      }
    }
    return found.isEmpty()
        ? List.of(
            Diagnosis.ok(
                this,
                "no file sets %s for all services: each has to set it".formatted(Variables.PREFIX)))
        : found;
  }

  private Diagnosis diagnosis(Path file, String value) {
    // environment.d expands variables; what they are, only the service knows.
    if (value.contains("$") || value.contains("%")) {
      return Diagnosis.unknown(this, "%s sets the prefix to %s".formatted(Shown.line(file), value));
    }
    if (PrefixValue.of(value, prefix) == PrefixValue.THIS) {
      return Diagnosis.ok(this, Shown.line(file) + " sets the prefix");
    }
    return Diagnosis.warning(
        this,
        "%s sets another prefix, %s".formatted(Shown.line(file), value),
        "sed -i %s %s"
            .formatted(
                Shown.word(
                    "s|\\(%s=\\)[^\"' ]*|\\1%s|".formatted(Variables.PREFIX, Shown.line(prefix))),
                Shown.word(file)));
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : FILES) {
      if (Files.isRegularFile(etc.resolve(name))) {
        files.add(etc.resolve(name));
      }
    }
    for (String name : DIRECTORIES) {
      List<Path> fragments = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(etc.resolve(name), "*.conf")) {
        entries.forEach(fragments::add);
      } catch (NoSuchFileException | NotDirectoryException none) {
        continue;
      }
      fragments.sort(null);
      files.addAll(fragments);
    }
    return files;
  }

  private static String text(Path file) throws IOException {
    return Files.size(file) > MAX_BYTES ? "" : Files.readString(file, ISO_8859_1);
  }
}
