package io.pycached.doctor;

import io.pycached.layout.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Whether the prefix is a directory, and in a place where one should be. */
public final class PrefixCheck implements Check {
  private final Path prefix;
  private final List<Project> projects;

  public PrefixCheck(Path prefix, List<Project> projects) {
    this.prefix = prefix;
    this.projects = List.copyOf(projects);
  }

  @Override
  public String name() {
    return "prefix";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    List<Diagnosis> found = new ArrayList<>();
    found.add(directory());
    for (Project project : projects) {
      if (prefix.startsWith(project.visibleAt())) {
        found.add(
            Diagnosis.warning(
                this,
                "%s lies in the project %s: whatever copies or removes that tree takes it along"
                    .formatted(Shown.line(prefix), project.name())));
      }
    }
    return found;
  }

  private Diagnosis directory() throws IOException {
    try {
      return Files.readAttributes(prefix, BasicFileAttributes.class).isDirectory()
          ? Diagnosis.ok(this, Shown.line(prefix) + " is a directory")
          : Diagnosis.problem(
              this,
              Shown.line(prefix) + " is a file, expected a directory",
              "rm -- %s".formatted(Shown.word(prefix)));
    } catch (NoSuchFileException missing) {
      return Diagnosis.warning(
          this,
          Shown.line(prefix) + " does not exist: whoever imports first owns it",
          "install -d -m 755 -- " + Shown.word(prefix));
    }
  }
}
