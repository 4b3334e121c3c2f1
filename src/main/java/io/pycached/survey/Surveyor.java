package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Surveys directory pairs. Safe for use by any thread. */
public final class Surveyor {
  private final Memory memory;
  private final BodyCheck check;
  private final InstantSource clock;

  /**
   * @param hashes remembers what reading a source told
   * @param check which bodies are read and checked, too
   * @param clock the file systems' clock
   */
  public Surveyor(SourceHashes hashes, BodyCheck check, InstantSource clock) {
    this(hashes, new KnownFiles(), check, clock);
  }

  /**
   * @param known remembers what reading a bytecode file told
   */
  public Surveyor(SourceHashes hashes, KnownFiles known, BodyCheck check, InstantSource clock) {
    this(Memory.of(hashes, known), check, clock);
  }

  private Surveyor(Memory memory, BodyCheck check, InstantSource clock) {
    this.memory = memory;
    this.check = check;
    this.clock = clock;
  }

  /** {@return one that checks other bodies and knows what this one knows} */
  public Surveyor checking(BodyCheck other) {
    return new Surveyor(memory, other, clock);
  }

  /**
   * {@return the survey of {@code pair}}
   *
   * @param source what is known of the source directory
   * @param mirror the mirror, fresh from opening; nothing if there is none
   * @param known the source directory's names, if they are known to be the same still
   * @throws IOException if the mirror cannot be read
   */
  public Survey survey(
      DirectoryPair pair, SourceSide source, Optional<Directory> mirror, Optional<Listing> known)
      throws IOException {
    try (OpenSource opened = known.isPresent() ? OpenSource.NONE : OpenSource.of(source)) {
      return survey(pair, source, opened, mirror, known);
    }
  }

  private Survey survey(
      DirectoryPair pair,
      SourceSide source,
      OpenSource opened,
      Optional<Directory> mirror,
      Optional<Listing> known)
      throws IOException {
    Sources sources = new Sources(source, opened.directory(), pair.mirror().getFileSystem());
    List<MirrorFile> files = new ArrayList<>();
    List<Path> mirrorDirectories = new ArrayList<>();
    Optional<FileStamp> stamp = Optional.empty();
    Stamps stamps = Stamps.take(source, mirror, clock.instant());
    if (mirror.isPresent()) {
      stamp = stamps.mirror;
      Judge judge = new Judge(pair, mirror.get(), source, sources, memory, check, stamps.taken);
      for (Path name : mirror.get().names()) {
        if (!PycachePrefix.isOwn(pair.directory(), name.toString())) {
          look(judge, mirror.get(), name, files, mirrorDirectories);
        }
      }
    }
    Listing listing = known.isPresent() ? known.get() : opened.list(mirrorDirectories);
    boolean gone = source instanceof SourceSide.Missing;
    Optional<Fingerprint> fingerprint = stamps.fingerprint(sources);
    return new Survey(
        pair, files, mirrorDirectories, listing, stamps.settledSource(), stamp, gone, fingerprint);
  }

  /**
   * {@return the verdict on the one file {@code name} of a mirror; nothing if it is not there, or a
   * directory}
   *
   * @param source what is known of the source directory
   */
  public Optional<MirrorFile> surveyFile(
      DirectoryPair pair, SourceSide source, Directory mirror, Path name) throws IOException {
    Sources sources = new Sources(source, null, name.getFileSystem());
    List<MirrorFile> files = new ArrayList<>(1);
    look(
        new Judge(pair, mirror, source, sources, memory, check, clock.instant()),
        mirror,
        name,
        files,
        new ArrayList<>());
    return files.stream().findFirst();
  }

  /**
   * {@return what the source directory of {@code survey} holds that its mirror lacks}
   *
   * @param source the same that was surveyed
   * @param wantsSources whether the names of the sources are asked for
   */
  public Supply supply(Survey survey, SourceSide source, boolean wantsSources) throws IOException {
    if (!(source instanceof SourceSide.Open open)) {
      return Supply.NONE;
    }
    return new Supply(
        wantsSources ? sources(survey, open) : List.of(),
        survey.listing().pycache() ? adoptable(survey, open) : List.of());
  }

  private static List<Path> sources(Survey survey, SourceSide.Open source) throws IOException {
    Set<Path> seen = new HashSet<>();
    for (MirrorFile file : survey.files()) {
      file.source().map(SourceFile::name).ifPresent(seen::add);
    }
    return Listing.sources(source.path(), seen);
  }

  private List<MirrorFile> adoptable(Survey survey, SourceSide.Open source) throws IOException {
    Set<Path> fresh = new HashSet<>();
    for (MirrorFile file : survey.files()) {
      if (file.verdict() == Verdict.FRESH) {
        fresh.add(file.name());
      }
    }
    return new InTreeBytecode(this, memory.bodies()).adoptable(survey.pair(), source, fresh);
  }

  private static void look(
      Judge judge, Directory mirror, Path name, List<MirrorFile> files, List<Path> directories)
      throws IOException {
    MirrorName meaning = MirrorName.parse(RawPath.of(name));
    try {
      Directory.Entry entry = mirror.look(name);
      FileStamp stamp = entry.stamp();
      if (stamp.isDirectory()) {
        directories.add(name);
      } else if (!stamp.isRegular()) {
        files.add(
            judge.other(
                name, new MirrorName.Foreign(), entry, Verdict.FOREIGN, "not a regular file"));
      } else if (!(meaning instanceof MirrorName.Foreign)) {
        files.add(judged(judge, name, meaning, entry));
      } else {
        files.add(
            judge.other(
                name, meaning, entry, Verdict.FOREIGN, "no writer of bytecode uses such a name"));
      }
    } catch (NoSuchFileException vanished) {
      // Between the listing and the look: it is not there, so there is nothing to say of it.
      return;
    }
  }

  /** One file that cannot be read must not keep the others from their verdicts. */
  private static MirrorFile judged(
      Judge judge, Path name, MirrorName meaning, Directory.Entry entry)
      throws NoSuchFileException {
    try {
      return meaning instanceof MirrorName.Bytecode bytecode
          ? judge.judge(name, bytecode, entry)
          : judge.temporary(name, meaning, entry);
    } catch (NoSuchFileException vanished) {
      throw vanished;
    } catch (IOException unreadable) {
      return judge.other(
          name,
          meaning,
          entry,
          Verdict.SOURCE_UNREADABLE,
          "the bytecode itself cannot be read: " + Obstacle.of(unreadable));
    }
  }

  /**
   * The stamps of both directories, taken before either is read.
   *
   * @param taken what the clock said before: a directory that changed shortly before that may have
   *     changed again, unseen, while it was read
   */
  private record Stamps(Optional<FileStamp> source, Optional<FileStamp> mirror, Instant taken) {
    static Stamps take(SourceSide source, Optional<Directory> mirror, Instant now)
        throws IOException {
      Optional<FileStamp> sourceStamp =
          source instanceof SourceSide.Open open ? Optional.of(open.stamp()) : Optional.empty();
      return new Stamps(
          sourceStamp,
          mirror.isPresent() ? Optional.of(mirror.get().stamp()) : Optional.empty(),
          now);
    }

    Optional<Fingerprint> fingerprint(Sources sources) {
      return source.isPresent()
              && isSettled(source.get())
              && (mirror.isEmpty() || isSettled(mirror.get()))
          ? sources.fingerprint(source.get(), mirror)
          : Optional.empty();
    }

    /** The number that vouches for the source directory's names, if time allows. */
    OptionalLong settledSource() {
      return source.isPresent() && isSettled(source.get())
          ? OptionalLong.of(StampHash.of(source.get()))
          : OptionalLong.empty();
    }

    private boolean isSettled(FileStamp directory) {
      return StampHash.isSettled(directory.mtime(), taken);
    }
  }
}
