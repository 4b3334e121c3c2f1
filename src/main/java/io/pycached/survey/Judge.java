package io.pycached.survey;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.pyc.Magic;
import io.pycached.pyc.MalformedPycException;
import io.pycached.pyc.PycHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * Reaches the verdict on the bytecode files of one mirror. Belongs to one survey.
 *
 * <p>The order is {@code SourceLoader.get_code}'s: the source's {@code stat}, the header, its magic
 * number and flags, then what the header says of the source; and last, of a file that would be
 * loaded, the body.
 */
final class Judge {
  private final DirectoryPair pair;
  private final Directory mirror;
  private final SourceSide side;
  private final Sources sources;
  private final Memory memory;
  private final BodyCheck check;
  private final Instant now;

  /** Stands for the mirror in the identities of its files. */
  private final long number;

  private final Comparison comparison;
  private final ByteBuffer head = ByteBuffer.allocate(PycHeader.MAX_BYTES);

  Judge(
      DirectoryPair pair,
      Directory mirror,
      SourceSide side,
      Sources sources,
      Memory memory,
      BodyCheck check,
      Instant now) {
    this.pair = pair;
    this.mirror = mirror;
    this.side = side;
    this.sources = sources;
    this.memory = memory;
    this.check = check;
    this.now = now;
    this.number = mirror.path().hashCode();
    this.comparison = new Comparison(side, memory.hashes());
  }

  /**
   * {@return the verdict on the regular file {@code name}}
   *
   * @throws java.nio.file.NoSuchFileException if it has vanished meanwhile
   */
  MirrorFile judge(Path name, MirrorName.Bytecode meaning, Directory.Entry entry)
      throws IOException {
    FileStamp stamp = entry.stamp();
    long identity = identity(name, stamp);
    Reading reading = new Reading(memory.files(), identity, entry.accessed(), now);
    SourceLookup lookup = sources.find(meaning);
    if (lookup instanceof SourceLookup.Absent) {
      reading.note();
      lookup = new Alias(pair, mirror, memory.bodies()).find(name, meaning, stamp);
    }
    if (lookup instanceof SourceLookup.Absent) {
      return file(name, meaning, entry, new Opinion(Verdict.ORPHANED, absence(meaning)));
    }
    if (lookup instanceof SourceLookup.Unknown unknown) {
      return file(name, meaning, entry, new Opinion(unknown.verdict(), unknown.why()));
    }
    SourceLookup.Found found = (SourceLookup.Found) lookup;
    PycHeader header;
    try {
      header = header(name, stamp, identity, reading);
    } catch (MalformedPycException malformed) {
      Opinion opinion =
          new Opinion(Verdict.of(malformed.defect()), String.valueOf(malformed.getMessage()));
      return new MirrorFile(
          name,
          meaning,
          stamp,
          stamp.mtime(),
          used(identity, entry),
          opinion.verdict(),
          Optional.empty(),
          Optional.of(sourceFile(found)),
          opinion.detail());
    }
    Opinion opinion = comparison.opinion(meaning, header, found);
    if (opinion.verdict().state() == State.STALE) {
      for (SourceLookup.Found other : sources.others(meaning, found)) {
        Opinion second = comparison.opinion(meaning, header, other);
        if (second.verdict() == Verdict.FRESH) {
          found = other;
          opinion = second;
        }
      }
    }
    if (opinion.isLoaded(header)) {
      opinion = withBody(name, stamp, identity, header.magic(), opinion, reading);
    }
    return new MirrorFile(
        name,
        meaning,
        stamp,
        changed(name, stamp, opinion.verdict()),
        used(identity, entry),
        opinion.verdict(),
        Optional.of(header),
        Optional.of(sourceFile(found)),
        opinion.detail());
  }

  private long identity(Path name, FileStamp stamp) {
    return KnownFiles.identity(number, name.hashCode(), StampHash.of(stamp));
  }

  private Instant used(long identity, Directory.Entry entry) {
    return memory.files().used(identity, entry.accessed());
  }

  /** Reads the header, unless it is known. That of a file that was just written may yet change. */
  private PycHeader header(Path name, FileStamp stamp, long identity, Reading reading)
      throws IOException, MalformedPycException {
    if (check != BodyCheck.ALWAYS && memory.files().header(identity, head.array())) {
      return PycHeader.parse(head.limit(PycHeader.MAX_BYTES).position(0));
    }
    reading.note();
    mirror.read(name, head.clear());
    boolean whole = !head.hasRemaining();
    PycHeader header = PycHeader.parse(head.flip());
    if (whole && StampHash.isSettled(stamp.mtime(), now)) {
      memory.files().remember(identity, head.array());
    }
    return header;
  }

  private SourceFile sourceFile(SourceLookup.Found found) {
    return new SourceFile(pair.directory(), found.name(), found.stamp());
  }

  /** A file that somebody writes to, or wrote to before he was interrupted. */
  MirrorFile temporary(Path name, MirrorName meaning, Directory.Entry entry) throws IOException {
    return file(
        name,
        meaning,
        entry,
        new Opinion(Verdict.TEMPORARY, "left by an interrupted writer, or in use by one"));
  }

  /** A file that is nothing an interpreter would look for, or of which nobody can say more. */
  MirrorFile other(
      Path name, MirrorName meaning, Directory.Entry entry, Verdict verdict, String detail) {
    FileStamp stamp = entry.stamp();
    return new MirrorFile(
        name,
        meaning,
        stamp,
        stamp.mtime(),
        used(identity(name, stamp), entry),
        verdict,
        Optional.empty(),
        Optional.empty(),
        detail);
  }

  private MirrorFile file(Path name, MirrorName meaning, Directory.Entry entry, Opinion opinion)
      throws IOException {
    FileStamp stamp = entry.stamp();
    return new MirrorFile(
        name,
        meaning,
        stamp,
        changed(name, stamp, opinion.verdict()),
        used(identity(name, stamp), entry),
        opinion.verdict(),
        Optional.empty(),
        Optional.empty(),
        opinion.detail());
  }

  /**
   * The ctime costs a look of its own by path, so only files whose age will matter get it. Of one
   * whose ctime cannot be had nobody knows the age: its mtime, any program may have set back.
   */
  private FileTime changed(Path name, FileStamp stamp, Verdict verdict) throws IOException {
    State state = verdict.state();
    if (state != State.ORPHANED && state != State.TEMPORARY && !verdict.breaksImports()) {
      return stamp.mtime();
    }
    Object ctime = Files.getAttribute(mirror.path().resolve(name), "unix:ctime", NOFOLLOW_LINKS);
    return stamp.mtime().compareTo((FileTime) ctime) < 0 ? (FileTime) ctime : stamp.mtime();
  }

  private String absence(MirrorName.Bytecode meaning) {
    return side instanceof SourceSide.Missing missing
        ? "its directory " + pair.directory() + " is gone" + missing.evidence()
        : "none of " + String.join(", ", meaning.sourceNames()) + " is in " + pair.directory();
  }

  private Opinion withBody(
      Path name, FileStamp stamp, long identity, Magic magic, Opinion loaded, Reading reading)
      throws IOException {
    if (stamp.size() <= magic.headerBytes()) {
      return new Opinion(Verdict.CORRUPT_TRUNCATED_BODY, "the file ends with its header");
    }
    return memory
        .bodies()
        .damage(mirror, name, stamp, identity, magic, check, reading)
        .map(
            damaged ->
                new Opinion(
                    Verdict.of(damaged.defect()),
                    damaged.detail() + " at offset " + damaged.offset() + " of the body"))
        .orElse(loaded);
  }
}
