package io.pycached.doctor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the interpreters that run now use the prefix. */
public final class ProcessesCheck implements Check {
  /** Processes that are looked at. */
  static final int MAX_PROCESSES = 10_000;

  /** Processes that a line names. */
  private static final int SHOWN = 5;

  /** What a running interpreter does other than to use the prefix. */
  private enum Amiss {
    ISOLATED(
        "ignores the environment (-E or -I) and names no prefix",
        "ignore the environment (-E or -I) and name no prefix"),
    NOT_WRITING("reads the prefix and writes no bytecode", "read the prefix and write no bytecode"),
    RELATIVE_PREFIX(
        "uses a relative prefix, another cache in each working directory",
        "use a relative prefix, another cache in each working directory"),
    OTHER_PREFIX("uses another prefix", "use another prefix"),
    NO_PREFIX("uses no prefix", "use no prefix");

    private final String one;
    private final String many;

    Amiss(String one, String many) {
      this.one = one;
      this.many = many;
    }

    /** {@return that so many interpreters do it} */
    String of(int interpreters) {
      return Shown.count(
          interpreters, "running interpreter " + one, "running interpreters " + many);
    }
  }

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
    Map<Amiss, List<PythonProcess>> groups = new EnumMap<>(Amiss.class);
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
      Optional<Amiss> amiss = amiss(read.get());
      if (amiss.isEmpty()) {
        good++;
      } else {
        groups.computeIfAbsent(amiss.get(), first -> new ArrayList<>()).add(read.get());
      }
    }
    List<Diagnosis> found = new ArrayList<>();
    groups.forEach((amiss, processes) -> found.add(diagnosis(amiss, processes)));
    if (good > 0 || found.isEmpty()) {
      String using = Shown.count(good, "running interpreter uses", "running interpreters use");
      found.add(Diagnosis.ok(this, using + " the prefix"));
    }
    if (hidden > 0) {
      found.add(
          Diagnosis.unknown(
              this,
              Shown.count(hidden, "process belongs", "processes belong")
                  + " to others and cannot be looked at: try root"));
    }
    return found;
  }

  private Optional<Amiss> amiss(PythonProcess process) {
    if (process.isolated()) {
      return Optional.of(Amiss.ISOLATED);
    }
    return switch (PrefixValue.of(process.prefix(), prefix)) {
      case NONE -> Optional.of(Amiss.NO_PREFIX);
      case OTHER -> Optional.of(Amiss.OTHER_PREFIX);
      case RELATIVE -> Optional.of(Amiss.RELATIVE_PREFIX);
      case THIS ->
          process.writes() || !usersWrite ? Optional.empty() : Optional.of(Amiss.NOT_WRITING);
    };
  }

  private Diagnosis diagnosis(Amiss amiss, List<PythonProcess> processes) {
    String who =
        processes.stream()
            .limit(SHOWN)
            .map(
                process ->
                    process.pid() + (process.unit().isEmpty() ? "" : " of " + process.unit()))
            .collect(Collectors.joining(", "));
    String more = processes.size() > SHOWN ? ", …" : "";
    String line = amiss.of(processes.size()) + ": " + who + more;
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
