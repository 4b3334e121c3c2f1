package io.pycached.clean;

import io.pycached.clean.Cleaned.Failure;
import io.pycached.clean.Cleaned.Kept;
import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One {@code __pycache__} directory while it is dealt with. */
final class PycacheDirectory {
  private final Directory parent;
  private final Path name;
  private final Path path;
  private final Recognition recognition;
  private final Adoption adoption;
  private final boolean dryRun;
  private final List<Kept> kept = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private long files;
  private long bytes;
  private long adopted;
  private long adoptedBytes;

  PycacheDirectory(
      Directory parent, Path name, Recognition recognition, Adoption adoption, boolean dryRun) {
    this.parent = parent;
    this.name = name;
    this.path = parent.path().resolve(name);
    this.recognition = recognition;
    this.adoption = adoption;
    this.dryRun = dryRun;
  }

  /**
   * Deletes the bytecode in it, and it, if it is empty then.
   *
   * @param looked the directory's stamp, just taken
   */
  Cleaned clean(FileStamp looked) {
    boolean removed = false;
    try {
      try (Directory pycache = parent.open(name, looked)) {
        for (Path file : pycache.names()) {
          file(pycache, file);
        }
      }
      removed = kept.isEmpty() && failures.isEmpty() && (dryRun || remove(looked));
    } catch (NoSuchFileException vanished) {
      kept.add(new Kept(path, "vanished"));
    } catch (IOException failed) {
      failures.add(new Failure(path, failed));
    }
    return new Cleaned(path, files, bytes, adopted, adoptedBytes, removed, kept, failures);
  }

  private void file(Directory pycache, Path file) {
    Path whole = path.resolve(file);
    try {
      FileStamp stamp = pycache.stamp(file);
      Recognition.Entry entry = recognition.of(pycache, file, stamp);
      if (entry instanceof Recognition.Other other) {
        kept.add(new Kept(whole, other.why()));
        return;
      }
      boolean moves =
          entry instanceof Recognition.Bytecode recognised
              && recognised.meaning() instanceof MirrorName.Bytecode bytecode
              && adoption.adopt(pycache, parent.path(), file, bytecode, stamp)
                  instanceof Adoption.Adopted;
      if (!pycache.stamp(file).equals(stamp)) {
        kept.add(new Kept(whole, "changed meanwhile"));
        return;
      }
      if (!dryRun) {
        pycache.delete(file);
      }
      files++;
      bytes += stamp.size();
      if (moves) {
        adopted++;
        adoptedBytes += stamp.size();
      }
    } catch (NoSuchFileException vanished) {
      // Somebody else's work; there is nothing left to tell of.
    } catch (IOException failed) {
      failures.add(new Failure(whole, failed));
    }
  }

  private boolean remove(FileStamp looked) throws IOException {
    if (!parent.stamp(name).key().equals(looked.key())) {
      kept.add(new Kept(path, "another directory has taken its place"));
      return false;
    }
    try {
      parent.deleteDirectory(name);
      return true;
    } catch (DirectoryNotEmptyException inUse) {
      kept.add(new Kept(path, "in use again"));
      return false;
    }
  }
}
