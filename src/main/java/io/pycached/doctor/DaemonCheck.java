package io.pycached.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether a daemon looks after the prefix, and what it complains of. */
public final class DaemonCheck implements Check {
  /** Its problems that get a line. */
  private static final int SHOWN = 20;

  private final Path prefix;
  private final String version;
  private final String start;
  private final Daemon daemon;

  /** The daemon, if there is one. */
  public interface Daemon {
    /** {@return what it says} */
    Answer ask() throws IOException;
  }

  /** What came of asking the daemon. */
  public sealed interface Answer {
    /** No daemon listens. */
    record Silence(String why) implements Answer {}

    /** This user may not ask. */
    record Refusal(String why) implements Answer {}

    /**
     * Its status.
     *
     * @param prefix as it prints it
     * @param problems each in a line
     */
    record Status(String version, String state, String prefix, List<String> problems)
        implements Answer {}
  }

  /**
   * @param version this program's
   * @param start the command that starts one
   */
  public DaemonCheck(Path prefix, String version, String start, Daemon daemon) {
    this.prefix = prefix;
    this.version = version;
    this.start = start;
    this.daemon = daemon;
  }

  @Override
  public String name() {
    return "daemon";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    Answer answer = daemon.ask();
    if (answer instanceof Answer.Silence silence) {
      return List.of(
          Diagnosis.warning(
              this, "none answers (" + silence.why() + "): nothing is pruned or kept warm", start));
    }
    if (answer instanceof Answer.Refusal refusal) {
      return List.of(Diagnosis.unknown(this, "this user may not ask it: " + refusal.why()));
    }
    Answer.Status status = (Answer.Status) answer;
    List<Diagnosis> found = new ArrayList<>();
    if (!status.version().equals(version)) {
      found.add(
          Diagnosis.warning(
              this,
              "it is version %s, this is %s".formatted(status.version(), version),
              "systemctl restart pycached"));
    }
    if (!status.prefix().equals(Shown.line(prefix))) {
      found.add(
          Diagnosis.warning(
              this, "it looks after another prefix, " + status.prefix(), "pycached env"));
    }
    status.problems().stream()
        .limit(SHOWN)
        .forEach(problem -> found.add(Diagnosis.warning(this, "it reports " + problem)));
    return found.isEmpty()
        ? List.of(Diagnosis.ok(this, "it answers, and is " + status.state()))
        : found;
  }
}
