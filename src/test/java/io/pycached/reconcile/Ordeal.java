package io.pycached.reconcile;

import static java.util.Objects.requireNonNull;

import io.pycached.apply.Access;
import io.pycached.apply.Adopter;
import io.pycached.apply.Pruner;
import io.pycached.apply.PycWriter;
import io.pycached.compile.Compilers;
import io.pycached.compile.Interpreters;
import io.pycached.layout.Project;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.InvalidationMode;
import io.pycached.policy.PrunePolicy;
import io.pycached.policy.WarmPolicy;
import io.pycached.policy.Warmth;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Voucher;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A small tree with something of every kind in it, on a disk that has faults, and full reconciles
 * of it, each as a process of its own would do it.
 *
 * <p>All is done in one order: the sweep by one thread, and when it is over the builds by another.
 */
final class Ordeal {
  private static final Duration OLD = Duration.ofHours(3);
  private static final int HEADER_BYTES = 16;
  private static final int MAGIC = 3531 | '\r' << 16 | '\n' << 24;
  private static final String TAG = ".cpython-312.pyc";

  private final SetClock clock;
  private final FaultyFileSystem disk;
  private final Path top;
  private final byte[] body;
  private final byte @Nullable [] adopted;

  /** Paths of the disk itself, which has no faults. */
  private final Set<Path> live = new TreeSet<>();

  /**
   * @param disk one whose files bear the clock's time if {@code clock} is not the system's
   * @param top a directory of the disk without its faults
   * @param body a code object's
   * @param adopted the file of which there is none but beside the source; nothing if there is none
   *     at all
   */
  Ordeal(FaultyFileSystem disk, Path top, SetClock clock, byte[] body, byte @Nullable [] adopted) {
    this.disk = disk;
    this.top = top;
    this.clock = clock;
    this.body = body;
    this.adopted = adopted;
  }

  /** {@return the prefix, without faults} */
  Path prefix() {
    return top.resolve("prefix");
  }

  /** {@return the project's root, without faults} */
  Path root() {
    return top.resolve("shop");
  }

  /** {@return the mirror of the project's directory {@code directory}, without faults} */
  Path mirror(String directory) {
    return new PycachePrefix(prefix()).mirrorOf(root().resolve(directory));
  }

  /** {@return what nobody may touch, on the disk without faults} */
  Set<Path> live() {
    return live;
  }

  /** Writes the tree, and lets it grow old. */
  void layOut() throws IOException {
    Files.createDirectories(prefix());
    Files.createDirectories(top.resolve("last"));
    Files.writeString(top.resolve("last/only.py"), "x = 1\n");
    // What is as it should be.
    alive(bytecode("a", "fresh", source("a/fresh.py", "fresh = 1\n"), 0));
    alive(bytecode("a/b", "fresh", source("a/b/fresh.py", "fresh = 22\n"), 0));
    // What the interpreter would reject.
    bytecode("a", "stale", source("a/stale.py", "stale = 333\n"), 5);
    bytecode("d/only", "stale", source("d/only/stale.py", "stale = 4444\n"), 6);
    // What has no source.
    orphan("a", "gone");
    orphan("gone/deep/er", "gone");
    orphan("gone", "gone");
    // What no interpreter can use.
    Path torn = bytecode("a", "torn", source("a/torn.py", "torn = 55555\n"), 0);
    Files.write(torn, Arrays.copyOf(Files.readAllBytes(torn), HEADER_BYTES + 9));
    Files.write(bytecode("a", "stub", source("a/stub.py", "stub = 6\n"), 0), new byte[3]);
    // What interrupted writers left.
    Files.write(mirror("a").resolve("t" + TAG + ".140234"), new byte[7]);
    Files.write(mirror("a/b").resolve("t" + TAG + ".0123"), new byte[8]);
    // What is none of ours.
    alive(Files.writeString(mirror("a").resolve("README"), "?!"));
    alive(Files.createSymbolicLink(mirror("a/b").resolve("link" + TAG), mirror("a")));
    alive(Files.createDirectory(mirror("a").resolve("directory" + TAG)));
    alive(Files.writeString(mirror("a").resolve("directory" + TAG).resolve("note"), "!"));
    // What nobody can judge.
    Files.createSymbolicLink(root().resolve("a/dangling.py"), top.resolve("unmounted/dangling.py"));
    alive(bytecode("a", "dangling", root().resolve("a/fresh.py"), 0));
    Files.createSymbolicLink(root().resolve("unmounted"), top.resolve("unmounted"));
    alive(bytecode("unmounted", "m", root().resolve("a/fresh.py"), 0));
    Path elsewhere = Files.createDirectories(prefix().resolve("container/app"));
    alive(Files.copy(mirror("a").resolve("dangling" + TAG), elsewhere.resolve("dangling" + TAG)));
    // What is empty.
    Files.createDirectories(mirror("empty/emptier"));
    source("quiet/notes.txt", "nothing to compile");
    Files.createDirectories(mirror("quiet"));
    // What there is no bytecode of, but beside the sources.
    Path source = source("c/adopted.py", "adopted = 7\n");
    Path inTree = Files.createDirectories(root().resolve("c/__pycache__"));
    if (adopted != null) {
      alive(Files.write(inTree.resolve("adopted" + TAG), adopted));
    }
    alive(Files.write(inTree.resolve("gone" + TAG), pyc(source, 0)));
    // What there is none of at all.
    source("c/compiled.py", "compiled = 8\n");
    source("c/d/e/compiled.py", "compiled = 99\n");
    source("c/refused.py", "refused = (\n");
    age();
  }

  /** Writes what is old by the time that programs may set, and yet was written just now. */
  void layOutYoung() throws IOException {
    young(Files.write(mirror("a").resolve("young" + TAG + ".987"), new byte[9]));
    young(orphan("a", "young"));
  }

  /** Lets everything grow old. */
  void age() {
    clock.advance(OLD);
  }

  /** {@return where the file goes that is adopted} */
  Path adopted() {
    return mirror("c").resolve("adopted" + TAG);
  }

  /** {@return what happened in a full reconcile, with no fault unless one is set} */
  Heard reconcile(Compilers compilers, Interpreters interpreters) throws IOException {
    clock.advance(Duration.ofSeconds(1));
    PycachePrefix prefix = new PycachePrefix(disk.wrap(prefix()));
    Map<Project, WarmPolicy> projects = new LinkedHashMap<>();
    Project last = PycacheTree.project("last", disk.wrap(top.resolve("last")));
    projects.put(last, WarmPolicy.NONE);
    projects.put(
        PycacheTree.project("shop", disk.wrap(root())),
        new WarmPolicy(Warmth.ALL, List.of(Bench.PLAIN), InvalidationMode.TIMESTAMP));
    List<Territory> territories = new ArrayList<>(Territory.of(prefix, projects, Voucher.NOBODY));
    territories.add(territories.remove(0));
    Surveyor surveyor = new Surveyor(new SourceHashes(9), BodyCheck.ALWAYS, clock);
    PycWriter writer = new PycWriter(prefix, Access.DAEMON);
    Workshop workshop =
        new Workshop(
            new Toolchain(interpreters), compilers, new Adopter(surveyor, writer), writer, clock);
    PrunePolicy policy =
        new PrunePolicy(Duration.ofMinutes(10), Duration.ofHours(1), clock.instant());
    Heard heard = new Heard();
    try (BuildQueue queue = new BuildQueue(workshop, writer, false)) {
      PairReconciler pairs =
          new PairReconciler(
              surveyor,
              surveyor,
              policy,
              true,
              1,
              new Pruner(prefix, surveyor),
              Optional.of(queue),
              false,
              Optional.empty(),
              clock);
      new SinglePass(territories, pairs, 1)
          .run(Mode.APPLY, ReconcileListener.both(heard, new AfterTheSweep(queue)));
    }
    return heard;
  }

  /** Starts the builds when the last territory has had its turn. */
  private static final class AfterTheSweep implements ReconcileListener {
    private final BuildQueue queue;
    private final AtomicBoolean started = new AtomicBoolean();

    AfterTheSweep(BuildQueue queue) {
      this.queue = queue;
    }

    @Override
    public void surveyed(Territory territory, Survey survey) {
      start(territory);
    }

    @Override
    public void failed(
        Territory territory, io.pycached.survey.DirectoryPair pair, IOException failure) {
      start(territory);
    }

    private void start(Territory territory) {
      if (territory.name().equals("last") && started.compareAndSet(false, true)) {
        queue.start(1, new BuildQueue.Listener() {});
      }
    }
  }

  /**
   * What a name stands for.
   *
   * @param identity of what lives: its inode and time; empty for anything else
   */
  record Entry(String content, String identity) {}

  /** {@return everything there is, by its path below the top, read without faults} */
  Map<String, Entry> snapshot() throws IOException {
    return snapshot(top, live);
  }

  /** {@return everything below {@code directory}, by its path} */
  static Map<String, Entry> snapshot(Path directory, Set<Path> live) throws IOException {
    Map<String, Entry> found = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            put(path, "directory");
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            put(
                path,
                attributes.isSymbolicLink()
                    ? "-> " + Files.readSymbolicLink(path)
                    : Arrays.toString(Files.readAllBytes(path)));
            return FileVisitResult.CONTINUE;
          }

          private void put(Path path, String content) throws IOException {
            boolean lives = live.contains(path) || live.contains(directory);
            found.put(
                directory.relativize(path).toString(),
                new Entry(content, lives ? identity(path) : ""));
          }
        });
    return found;
  }

  private static String identity(Path path) throws IOException {
    Map<String, Object> all =
        Files.readAttributes(path, "unix:ino,mode,nlink", LinkOption.NOFOLLOW_LINKS);
    return new TreeMap<>(all)
        + " "
        + Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private Path source(String name, String text) throws IOException {
    Path path = root().resolve(name);
    Files.createDirectories(requireNonNull(path.getParent()));
    alive(Files.writeString(path, text));
    return path;
  }

  private Path bytecode(String directory, String module, Path source, int off) throws IOException {
    Path path = mirror(directory).resolve(module + TAG);
    Files.createDirectories(requireNonNull(path.getParent()));
    return Files.write(path, pyc(source, off));
  }

  private Path orphan(String directory, String module) throws IOException {
    return bytecode(directory, module, root().resolve("a/fresh.py"), 0);
  }

  private void young(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(clock.instant().minus(OLD)));
    alive(path);
  }

  private void alive(Path path) {
    live.add(path);
  }

  private byte[] pyc(Path source, int off) throws IOException {
    long mtime = Files.getLastModifiedTime(source).toInstant().getEpochSecond();
    return ByteBuffer.allocate(HEADER_BYTES + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(0)
        .putInt((int) mtime)
        .putInt((int) Files.size(source) + off)
        .put(body)
        .array();
  }
}
