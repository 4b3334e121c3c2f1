package io.pycached.doctor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the interpreters that run now use the prefix. */
public final class ProcessesCheck implements Check {
  /** Processes that are looked at. */
  static final int MAX_PROCESSES = 10_000;

  /** Processes that a line names. */
  private static final int SHOWN = 5;

  private final Path proc;
  private final Path prefix;
  private final boolean usersWrite;

  /**
   * @param usersWrite whether interpreters are to fill the prefix
   */
  public ProcessesCheck(Path proc, Path prefix, boolean usersWrite) {
    this.proc = proc;
    this.prefix = prefix;
    this.usersWrite = usersWrite;
  }

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    Map<String, List<PythonProcess>> groups = new TreeMap<>();
    int hidden = 0;
    int good = 0;
    for (Path directory : directories()) {
      Optional<PythonProcess> read;
      try {
        read = PythonProcess.read(proc, directory);
      } catch (IOException closedOrGone) {
        hidden += Files.exists(directory) ? 1 : 0;
        continue;
      }
      if (read.isEmpty()) {
        continue;
      }
      String amiss = amiss(read.get());
      if (amiss.isEmpty()) {
        good++;
      } else {
        groups.computeIfAbsent(amiss, first -> new ArrayList<>()).add(read.get());
      }
    }
    List<Diagnosis> found = new ArrayList<>();
    groups.forEach((amiss, processes) -> found.add(diagnosis(amiss, processes)));
    if (good > 0 || found.isEmpty()) {
      found.add(Diagnosis.ok(this, good + " running interpreters use the prefix"));
    }
    if (hidden > 0) {
      found.add(
          Diagnosis.unknown(
              this, hidden + " processes belong to others and cannot be looked at: try root"));
    }
    return found;
  }

  private String amiss(PythonProcess process) {
    if (process.isolated()) {
      return "ignore the environment (-E or -I) and name no prefix";
    }
    return switch (PrefixValue.of(process.prefix(), prefix)) {
      case NONE -> "use no prefix";
      case OTHER -> "use another prefix";
      case RELATIVE -> "use a relative prefix, another cache in each working directory";
      case THIS -> process.writes() || !usersWrite ? "" : "read the prefix and write no bytecode";
    };
  }

  private Diagnosis diagnosis(String amiss, List<PythonProcess> processes) {
    String who =
        processes.stream()
            .limit(SHOWN)
            .map(
                process ->
                    process.pid() + (process.unit().isEmpty() ? "" : " of " + process.unit()))
            .collect(Collectors.joining(", "));
    String more = processes.size() > SHOWN ? ", …" : "";
    String line = "%d running interpreters %s: %s".formatted(processes.size(), amiss, who + more);
    Optional<String> unit =
        processes.stream().map(PythonProcess::unit).filter(name -> !name.isEmpty()).findFirst();
    return unit.isPresent()
        ? Diagnosis.warning(this, line, dropIn(unit.get()))
        : Diagnosis.warning(this, line);
  }

  private String dropIn(String unit) {
    String directory = "/etc/systemd/system/" + unit + ".d";
    return "mkdir -p %s && printf '[Service]\\nEnvironment=\"%%s\"\\n' %s > %s && systemctl daemon-reload && systemctl restart %s"
        .formatted(
            Shown.word(directory),
            Shown.word(Variables.PREFIX + "=" + Shown.line(prefix)),
            Shown.word(directory + "/pycached.conf"),
            Shown.word(unit));
  }

  private List<Path> directories() throws IOException {
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(proc, entry -> entry.getFileName().toString().matches("[0-9]+"))) {
      for (Path entry : entries) {
        if (directories.size() < MAX_PROCESSES) {
          directories.add(entry);
        }
      }
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
    directories.sort(
        Comparator.comparingLong(directory -> Long.parseLong(directory.getFileName().toString())));
    return directories;
  }
}
