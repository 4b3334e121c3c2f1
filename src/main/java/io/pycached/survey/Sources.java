package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sources of one directory, each looked at once however many bytecode files were made from it.
 * Belongs to one survey.
 */
final class Sources {
  private static final SourceLookup ABSENT = new SourceLookup.Absent();

  private final SourceSide side;
  private final @Nullable Directory opened;
  private final FileSystem fileSystem;
  private final Map<String, SourceLookup> found = new HashMap<>();
  private boolean digestible = true;
  private @Nullable SourceLookup absence;

  /**
   * @param opened the source directory, if it is open anyway: looking at a name in it is quicker
   *     than at a path
   * @param fileSystem makes the names that are looked for
   */
  Sources(SourceSide side, @Nullable Directory opened, FileSystem fileSystem) {
    this.side = side;
    this.opened = opened;
    this.fileSystem = fileSystem;
  }

  /** {@return what became of looking for the likeliest source of {@code bytecode} that is there} */
  SourceLookup find(MirrorName.Bytecode bytecode) {
    String key = bytecode.extensionless() ? "/" + bytecode.module() : bytecode.module();
    SourceLookup known = found.get(key);
    if (known == null) {
      known = look(bytecode);
      found.put(key, known);
    }
    return known;
  }

  /**
   * {@return the other sources that map to {@code bytecode}: {@code foo.pyw} beside {@code foo.py}}
   */
  List<SourceLookup.Found> others(MirrorName.Bytecode bytecode, SourceLookup.Found first) {
    if (!(side instanceof SourceSide.Open open)) {
      return List.of();
    }
    List<SourceLookup.Found> others = new ArrayList<>();
    for (String text : bytecode.sourceNames()) {
      Path name = toPath(text);
      if (!name.equals(first.name())) {
        found(open.path(), name, text).ifPresent(others::add);
      }
    }
    digestible &= others.isEmpty();
    return others;
  }

  /**
   * {@return what the pair is recognised by, as far as its sources go; nothing if a verdict rests
   * on a source that is not in it}
   *
   * @param source the stamp of the source directory
   * @param mirror that of the mirror
   */
  Optional<Fingerprint> fingerprint(FileStamp source, Optional<FileStamp> mirror) {
    if (!digestible) {
      return Optional.empty();
    }
    Fingerprint.Builder fingerprint = new Fingerprint.Builder();
    for (SourceLookup lookup : found.values()) {
      if (lookup instanceof SourceLookup.Found one) {
        fingerprint.add(one.raw(), one.stamp());
      }
    }
    return Optional.of(fingerprint.build(source, mirror));
  }

  private SourceLookup look(MirrorName.Bytecode bytecode) {
    if (side instanceof SourceSide.Missing) {
      return ABSENT;
    }
    if (side instanceof SourceSide.Vanished vanished) {
      return new SourceLookup.Unknown(Verdict.PROJECT_VANISHED, vanished.why());
    }
    if (side instanceof SourceSide.Unreadable unreadable) {
      return new SourceLookup.Unknown(Verdict.SOURCE_UNREADABLE, unreadable.why());
    }
    SourceSide.Open open = (SourceSide.Open) side;
    SourceLookup likeliest = lookAt(open.path(), bytecode.likeliestSourceName());
    if (!(likeliest instanceof SourceLookup.Absent)) {
      return likeliest;
    }
    List<String> names = bytecode.sourceNames();
    for (String name : names.subList(1, names.size())) {
      SourceLookup lookup = lookAt(open.path(), name);
      if (!(lookup instanceof SourceLookup.Absent)) {
        return lookup;
      }
    }
    Optional<String> objection =
        open.voucher()
            .objection(
                open.path(),
                open.stamp(),
                open.path().resolve(toPath(bytecode.likeliestSourceName())));
    return objection.isPresent()
        ? new SourceLookup.Unknown(Verdict.SOURCE_UNREADABLE, objection.get())
        : readable(open.path());
  }

  /** What an absence proves: nothing, in a directory that cannot be read. Found out once. */
  private SourceLookup readable(Path directory) {
    if (absence == null) {
      try {
        Directory.isEmpty(directory);
        absence = ABSENT;
      } catch (IOException unreadable) {
        absence = unreadable(directory, unreadable);
      }
    }
    return absence;
  }

  private static SourceLookup unreadable(Path directory, IOException why) {
    return unknown(directory, "cannot be read: " + Obstacle.of(why));
  }

  private Path toPath(String name) {
    return RawPath.toPath(fileSystem, name);
  }

  /** A source of that name; nothing if there is none that can be looked at. */
  private Optional<SourceLookup.Found> found(Path directory, Path name, String raw) {
    try {
      FileStamp stamp = following(directory, name);
      return stamp.isRegular()
          ? Optional.of(new SourceLookup.Found(name, raw, stamp))
          : Optional.empty();
    } catch (IOException missingOrUnreadable) {
      return Optional.empty();
    }
  }

  private FileStamp following(Path directory, Path name) throws IOException {
    return opened != null ? opened.following(name) : FileStamp.following(directory.resolve(name));
  }

  private SourceLookup lookAt(Path directory, String raw) {
    Path name = toPath(raw);
    try {
      FileStamp stamp = following(directory, name);
      return stamp.isRegular()
          ? new SourceLookup.Found(name, raw, stamp)
          : unknown(directory.resolve(name), "is not a regular file");
    } catch (NoSuchFileException missing) {
      return lookAtName(directory.resolve(name));
    } catch (IOException unreadable) {
      return unknown(directory.resolve(name), "cannot be looked at: " + Obstacle.of(unreadable));
    }
  }

  /**
   * Tells a name that is not there from a symbolic link whose target is not: only the first is a
   * proof.
   */
  private static SourceLookup lookAtName(Path source) {
    try {
      FileStamp.of(source);
      return unknown(source, "is a dangling symbolic link");
    } catch (NoSuchFileException missing) {
      return ABSENT;
    } catch (IOException unreadable) {
      return unknown(source, "cannot be looked at: " + Obstacle.of(unreadable));
    }
  }

  private static SourceLookup unknown(Path source, String what) {
    return new SourceLookup.Unknown(Verdict.SOURCE_UNREADABLE, source + " " + what);
  }
}
