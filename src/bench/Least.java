import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.LongAdder;

/**
 * The least Java program that does what survey.c does with the JDK's own directory-relative file
 * operations: what pycached could reach at best.
 *
 *   java Least.java PREFIX SOURCE MAGIC...
 *
 * As pycached must, it also asks what each file is before it opens it, for a FIFO would block, and
 * uses all processors. It surveys once, and once more for each line of standard input.
 */
final class Least extends RecursiveAction {
  private static final long serialVersionUID = 1L;
  private static final int HEADER = 16;
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private static final LongAdder fresh = new LongAdder();
  private static final LongAdder stale = new LongAdder();
  private static final LongAdder orphaned = new LongAdder();
  private static final LongAdder other = new LongAdder();
  private static final Set<Integer> magics = new HashSet<>();

  private final transient SecureDirectoryStream<Path> mirror;
  private final transient SecureDirectoryStream<Path> source; // null if there is none

  private Least(SecureDirectoryStream<Path> mirror, SecureDirectoryStream<Path> source) {
    this.mirror = mirror;
    this.source = source;
  }

  public static void main(String[] arguments) throws IOException {
    for (int i = 2; i < arguments.length; i++) {
      magics.add(Integer.parseInt(arguments[i]) | 0x0A0D0000);
    }
    Path sources = Path.of(arguments[1]);
    Path mirrors = Path.of(arguments[0]).resolve(sources.getRoot().relativize(sources));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    do {
      long started = System.nanoTime();
      new Least(open(mirrors), open(sources)).invoke();
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.println(
          "{\"fresh\":" + fresh.sumThenReset() + ",\"stale\":" + stale.sumThenReset()
              + ",\"orphaned\":" + orphaned.sumThenReset() + ",\"other\":" + other.sumThenReset()
              + ",\"elapsed_seconds\":" + seconds + "}");
    } while (lines.readLine() != null);
  }

  private static SecureDirectoryStream<Path> open(Path path) throws IOException {
    return (SecureDirectoryStream<Path>) Files.newDirectoryStream(path);
  }

  @Override
  protected void compute() {
    List<Least> below = new ArrayList<>();
    ByteBuffer header = ByteBuffer.allocateDirect(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    try (DirectoryStream<Path> one = mirror; DirectoryStream<Path> two = source) {
      for (Path path : mirror) {
        Path name = path.getFileName();
        if (stat(mirror, name, LinkOption.NOFOLLOW_LINKS).isDirectory()) {
          below.add(new Least(mirror.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS), child(name)));
        } else if (name.toString().endsWith(".pyc")) {
          judge(name, header.clear()).increment();
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    invokeAll(below);
  }

  private SecureDirectoryStream<Path> child(Path name) throws IOException {
    try {
      return source == null ? null : source.newDirectoryStream(name);
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  private LongAdder judge(Path name, ByteBuffer header) throws IOException {
    String text = name.toString();
    int dot = text.lastIndexOf('.', text.length() - 5);
    if (dot > 0 && text.startsWith(".opt-", dot)) {
      dot = text.lastIndexOf('.', dot - 1);
    }
    try (SeekableByteChannel file = mirror.newByteChannel(name, READ)) {
      file.read(header);
    }
    if (dot <= 0) {
      return other;
    }
    if (source == null) {
      return orphaned;
    }
    BasicFileAttributes found;
    try {
      found = stat(source, Path.of(text.substring(0, dot) + ".py"));
    } catch (NoSuchFileException gone) {
      return orphaned;
    }
    if (header.hasRemaining()) {
      return other;
    }
    if (!magics.contains(header.getInt(0))) {
      return stale;
    }
    if (header.getInt(4) != 0) {
      return other;
    }
    var mtime = found.lastModifiedTime().toInstant();
    // Python's int(st_mtime) goes through a double.
    int seconds = (int) (long) (mtime.getEpochSecond() + 1e-9 * mtime.getNano());
    return header.getInt(8) == seconds && header.getInt(12) == (int) found.size() ? fresh : stale;
  }

  private static BasicFileAttributes stat(
      SecureDirectoryStream<Path> directory, Path name, LinkOption... how) throws IOException {
    return directory.getFileAttributeView(name, BasicFileAttributeView.class, how).readAttributes();
  }
}
