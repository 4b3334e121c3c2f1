package io.pycached.doctor;

import io.pycached.audit.Auditor;
import io.pycached.audit.Flaw;
import io.pycached.audit.FlawKind;
import io.pycached.audit.Trusted;
import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Voucher;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who could have written what is in the prefix: its top levels, as far as a bound allows. */
public final class OwnersCheck implements Check {
  /** Files and directories that are looked at, nearest to the prefix first. */
  static final int MAX_ENTRIES = 20_000;

  private final PycachePrefix prefix;
  private final Surveyor surveyor;
  private final Auditor auditor;
  private final Trusted trusted;

  /**
   * @param trusted whose files need no mending
   */
  public OwnersCheck(PycachePrefix prefix, Surveyor surveyor, Trusted trusted) {
    this.prefix = prefix;
    this.surveyor = surveyor;
    this.auditor = new Auditor(trusted);
    this.trusted = trusted;
  }

  /** What was found of one kind. */
  private static final class Tally {
    private final Flaw first;
    private long count;
    private boolean inFiles;

    Tally(Flaw first) {
      this.first = first;
    }
  }

  @Override
  public String name() {
    return "owners";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    Map<FlawKind, Tally> tallies = new EnumMap<>(FlawKind.class);
    Deque<Path> rest = new ArrayDeque<>(List.of(prefix.path()));
    int entries = 0;
    int unreadable = 0;
    while (!rest.isEmpty() && entries < MAX_ENTRIES) {
      Path path = rest.removeFirst();
      try (Directory mirror = Directory.descend(prefix.path(), prefix.path().relativize(path))) {
        Survey survey = survey(path, mirror);
        for (Flaw flaw : auditor.audit(mirror, survey.pair(), survey.files())) {
          Tally tally = tallies.computeIfAbsent(flaw.kind(), kind -> new Tally(flaw));
          tally.count++;
          tally.inFiles |= !flaw.path().equals(path);
        }
        entries += 1 + survey.files().size();
        survey.mirrorDirectories().forEach(name -> rest.addLast(path.resolve(name)));
      } catch (AccessDeniedException closed) {
        unreadable++;
      } catch (NoSuchFileException | NotDirectoryException vanished) {
        // Then nobody can have written to it.
        entries++;
      }
    }
    return diagnoses(tallies, entries, unreadable, !rest.isEmpty());
  }

  private Survey survey(Path path, Directory mirror) throws IOException {
    Path directory = prefix.directoryOf(path).orElseThrow();
    return surveyor.survey(
        new DirectoryPair(directory, directory, path),
        SourceSide.unclaimed(directory, Voucher.NOBODY),
        Optional.of(mirror),
        Optional.empty());
  }

  private List<Diagnosis> diagnoses(
      Map<FlawKind, Tally> tallies, int entries, int unreadable, boolean more) {
    List<Diagnosis> found = new ArrayList<>();
    tallies.forEach(
        (kind, tally) ->
            found.add(
                Diagnosis.problem(
                    this,
                    "%s: %d in the prefix, the first is %s (%s)"
                        .formatted(
                            kind.label(),
                            tally.count,
                            Shown.line(tally.first.path()),
                            tally.first.detail()),
                    mend(kind, tally.inFiles))));
    if (unreadable > 0) {
      found.add(
          Diagnosis.unknown(
              this,
              Shown.count(unreadable, "directory is", "directories are")
                  + " closed to this user: try root"));
    }
    if (found.isEmpty()) {
      found.add(
          Diagnosis.ok(
              this,
              "nobody untrusted could have written to %d files and directories%s"
                  .formatted(entries, more ? ", the first ones; there are more" : "")));
    }
    return found;
  }

  /**
   * Bytecode that somebody else could have written is not made trustworthy by a new owner or mode:
   * it goes, and is made again. Directories stay.
   */
  private String mend(FlawKind kind, boolean inFiles) {
    String find = "find " + Shown.word(RawPath.display(RawPath.of(prefix.path()))) + " -xdev ";
    String stranger = strangers();
    return switch (kind) {
      case SYMLINK -> find + "-type l -delete";
      case UNTRUSTED_OWNER ->
          (inFiles ? find + "! -type d " + stranger + " -delete; " : "")
              + find
              + "-type d "
              + stranger
              + " -exec chown "
              + Integer.toUnsignedString(trusted.user())
              + " {} +";
      case WORLD_WRITABLE -> writable(find, "-0002", "o-w", inFiles);
      case GROUP_WRITABLE -> writable(find, "-0020", "g-w", inFiles);
      case SET_ID -> find + "-type f -perm /6000 -delete";
      case HARD_LINK -> find + "-type f -links +1 -delete";
    };
  }

  /** What find(1) calls a file that belongs to nobody who is trusted. */
  private String strangers() {
    Set<Integer> users = new TreeSet<>(Set.of(0));
    users.add(trusted.user());
    trusted.group().ifPresent(group -> users.addAll(group.members()));
    return users.stream()
        .map(uid -> "! -uid " + Integer.toUnsignedString(uid))
        .collect(Collectors.joining(" "));
  }

  private static String writable(String find, String permission, String mode, boolean inFiles) {
    return (inFiles ? find + "-type f -perm " + permission + " -delete; " : "")
        + find
        + "-type d -perm "
        + permission
        + " -exec chmod "
        + mode
        + " {} +";
  }
}
