package io.pycached.watch;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pycached.layout.Exclusions;
import io.pycached.layout.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the real file system and kernel: jimfs polls, and has no inotify. */
@Timeout(30)
final class ProjectWatchesTest {
  private static final WatchSettings QUICK =
      new WatchSettings(
          Duration.ofMillis(20),
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(800),
          Path.of("/proc"));

  private final Recorder heard = new Recorder();
  private @TempDir Path top;
  private Path root;
  private Path prefix;
  private Project shop;
  private ProjectWatches watches;

  @BeforeEach
  void layOut() throws IOException {
    top = top.toRealPath();
    root = Files.createDirectory(top.resolve("shop"));
    prefix = top.resolve("prefix");
    shop = project("shop", root, "**/node_modules", "**/.git");
    watches = ProjectWatches.start(List.of(), prefix, heard, QUICK);
  }

  @AfterEach
  void close() {
    watches.close();
  }

  // Changes.

  @Test
  void write_toSource_dirtiesItsDirectory() throws IOException {
    Path deep = Files.createDirectories(root.resolve("a/b"));
    watch(shop);
    Files.writeString(deep.resolve("x.py"), "1");
    until(() -> assertThat(heard.heardDirty(deep)).isTrue());
    assertThat(heard.heardDirty(root)).isFalse();
  }

  @Test
  void touch_ofSource_isSeen() throws IOException {
    Path source = Files.writeString(root.resolve("x.py"), "1");
    watch(shop);
    Files.setLastModifiedTime(source, FileTime.fromMillis(1_000));
    until(() -> assertThat(heard.heardDirty(root)).isTrue());
  }

  @Test
  void write_toLog_costsNoSurvey() throws IOException {
    Path log = Files.writeString(root.resolve("data.log"), "1");
    Path other = Files.createDirectory(root.resolve("other"));
    watch(shop);
    Files.writeString(log, "2", StandardOpenOption.APPEND);
    Files.writeString(root.resolve("new.log"), "1");
    Files.writeString(other.resolve("last.py"), "");
    until(() -> assertThat(heard.heardDirty(other)).isTrue());
    assertThat(heard.heardDirty(root)).isFalse();
  }

  @Test
  void directories_createdAtOnceWithTheirFiles_areAllCoveredAndWatched() throws IOException {
    watch(shop);
    for (int i = 0; i < 50; i++) {
      Path deep = Files.createDirectories(root.resolve("p" + i + "/a/b/c/d"));
      Files.writeString(deep.resolve("x.py"), "1");
    }
    until(
        () -> {
          Set<Long> watched = Inotify.watchedInodes();
          for (Path directory : directoriesBelow(root)) {
            assertThat(heard.covers(directory)).as(directory.toString()).isTrue();
            assertThat(watched).contains((Long) Files.getAttribute(directory, "unix:ino"));
          }
        });
    Path late = root.resolve("p49/a/b/c/d");
    heard.clear();
    Files.writeString(late.resolve("y.py"), "1");
    until(() -> assertThat(heard.heardDirty(late)).isTrue());
    assertThat(watches.status().get(0).directories()).isEqualTo(1 + 50 * 5);
  }

  @Test
  void directoryWithDotInItsName_deleted_isReportedAsTree() throws IOException {
    Path directory = Files.createDirectory(root.resolve("foo.d"));
    watch(shop);
    Files.delete(directory);
    until(() -> assertThat(heard.trees(directory, DirtyReason.DELETED)).isPositive());
    assertThat(heard.heardDirty(root)).isTrue();
    until(() -> assertThat(watches.status().get(0).directories()).isOne());
  }

  @Test
  void package_renamed_reportsBothNamesAndFollows() throws IOException {
    Path old = root.resolve("foo");
    Files.createDirectories(old.resolve("inner"));
    Files.writeString(root.resolve("foo.py"), "");
    Files.createDirectory(root.resolve("foo-1.0.dist-info"));
    watch(shop);
    Path renamed = Files.move(old, root.resolve("bar"));
    until(() -> assertThat(heard.trees(renamed, DirtyReason.CREATED)).isPositive());
    assertThat(heard.trees(old, DirtyReason.DELETED)).isPositive();
    heard.clear();
    Files.writeString(renamed.resolve("inner/x.py"), "1");
    until(() -> assertThat(heard.heardDirty(renamed.resolve("inner"))).isTrue());
  }

  @Test
  void directory_replacedWhileTheListenerIsBusy_isCoveredAndWatched() throws Exception {
    Path directory = Files.createDirectory(root.resolve("d"));
    Files.writeString(directory.resolve("old.py"), "1");
    Gate gate = new Gate(heard);
    watchWith(gate, shop);
    gate.shut();
    Files.writeString(root.resolve("other.py"), "1");
    gate.awaitCaller();
    Files.delete(directory.resolve("old.py"));
    Files.delete(directory);
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("x.py"), "1");
    gate.open();
    until(() -> assertThat(heard.trees(directory, DirtyReason.DELETED)).isPositive());
    until(() -> assertThat(heard.trees(directory, DirtyReason.CREATED)).isPositive());
    heard.clear();
    Files.writeString(directory.resolve("y.py"), "1");
    until(() -> assertThat(heard.heardDirty(directory)).isTrue());
  }

  @Test
  void directory_movedOutAndBack_isReportedEachTime() throws IOException {
    Path inside = root.resolve("pkg");
    Files.createDirectories(inside.resolve("sub"));
    Path outside = top.resolve("elsewhere");
    watch(shop);
    Files.move(inside, outside);
    until(() -> assertThat(heard.trees(inside, DirtyReason.DELETED)).isPositive());
    Files.writeString(outside.resolve("x.py"), "1");
    Files.move(outside, inside);
    until(() -> assertThat(heard.trees(inside, DirtyReason.CREATED)).isPositive());
    heard.clear();
    Files.writeString(inside.resolve("sub/y.py"), "1");
    until(() -> assertThat(heard.heardDirty(inside.resolve("sub"))).isTrue());
  }

  // What is left out.

  @Test
  void excludedDirectories_presentOrCreatedLater_areNotWatched() throws IOException {
    Files.createDirectories(root.resolve("node_modules/m"));
    Files.createDirectories(root.resolve("pkg/__pycache__"));
    watch(shop);
    Files.createDirectories(root.resolve("pkg/.git/objects"));
    Files.createDirectories(root.resolve("late/__pycache__"));
    Path late = root.resolve("late");
    until(() -> assertThat(Inotify.watches(late)).isTrue());
    heard.clear();
    Files.writeString(root.resolve("pkg/__pycache__/x.py"), "");
    Files.writeString(root.resolve("node_modules/m/x.py"), "");
    Files.delete(root.resolve("late/__pycache__"));
    Files.writeString(late.resolve("last.py"), "");
    until(() -> assertThat(heard.heardDirty(late)).isTrue());
    assertThat(heard.all()).extracting(Recorder.Told::directory).containsOnly(late);
    for (String name : List.of("node_modules", "node_modules/m", "pkg/__pycache__", "pkg/.git")) {
      assertThat(Inotify.watches(root.resolve(name))).as(name).isFalse();
    }
    assertThat(watches.status().get(0).directories()).isEqualTo(3);
  }

  @Test
  void innerProjectAndPrefix_belongToNoOuterWatch() throws IOException {
    Path inner = Files.createDirectories(root.resolve("lib/inner"));
    prefix = Files.createDirectory(root.resolve("prefix"));
    watch(shop, project("inner", inner));
    heard.clear();
    Files.writeString(prefix.resolve("p.py"), "");
    Files.writeString(inner.resolve("i.py"), "");
    Files.writeString(root.resolve("last.py"), "");
    until(() -> assertThat(heard.heardDirty(root)).isTrue());
    until(() -> assertThat(heard.heardDirty(inner)).isTrue());
    assertThat(heard.all()).extracting(Recorder.Told::directory).containsOnly(root, inner);
    assertThat(heard.all())
        .filteredOn(told -> told.directory().equals(inner))
        .extracting(Recorder.Told::project)
        .containsOnly("inner");
    assertThat(Inotify.watches(prefix)).isFalse();
  }

  @Test
  void nameThatIsNotUtf8_isReportedWithItsBytes() throws Exception {
    watch(shop);
    Path odd = Path.of(URI.create("file://" + root + "/caf%E9"));
    Files.createDirectory(odd);
    until(() -> assertThat(heard.trees(odd, DirtyReason.CREATED)).isPositive());
    heard.clear();
    Files.writeString(odd.resolve("x.py"), "1");
    until(() -> assertThat(heard.heardDirty(odd)).isTrue());
    assertThat(heard.all().get(0).directory().toUri().getRawPath()).contains("caf%E9");
  }

  // The root.

  @Test
  void root_deletedAndCreatedAgain_isLostAndReturns() throws IOException {
    watch(shop);
    Files.delete(root);
    until(() -> assertThat(status().mode()).isEqualTo(WatchMode.ROOT_LOST));
    assertThat(status().reason()).contains(root + " does not exist");
    assertThat(heard.trees(root, DirtyReason.ROOT_LOST)).isOne();
    assertThat(Inotify.watchedInodes()).isEmpty();
    Files.createDirectory(root);
    until(() -> assertThat(status().mode()).isEqualTo(WatchMode.EVENTS));
    until(() -> assertThat(heard.trees(root, DirtyReason.ROOT_RETURNED)).isOne());
    assertWatched(root);
  }

  @Test
  void root_replacedBetweenTwoLooks_isLostAndReturns() throws IOException {
    // A second watched directory, moved out, keeps the watcher alive: only the look can tell.
    Path kept = Files.createDirectory(root.resolve("kept"));
    Files.writeString(root.resolve("x.py"), "");
    Files.setLastModifiedTime(root, FileTime.fromMillis(1_000));
    watch(shop);
    Files.move(kept, top.resolve("kept"));
    Files.delete(root.resolve("x.py"));
    Files.delete(root);
    Files.createDirectory(root);
    Files.createDirectory(root.resolve("sub"));
    Files.setLastModifiedTime(root, FileTime.fromMillis(2_000));
    until(() -> assertThat(heard.trees(root, DirtyReason.ROOT_RETURNED)).isPositive());
    assertThat(heard.trees(root, DirtyReason.ROOT_LOST)).isPositive();
    assertWatched(root.resolve("sub"));
  }

  @Test
  void root_movedAway_isLost_andMovedBack_returns() throws IOException {
    watch(shop);
    Path away = Files.move(root, top.resolve("away"));
    until(() -> assertThat(status().mode()).isEqualTo(WatchMode.ROOT_LOST));
    Files.move(away, root);
    until(() -> assertThat(heard.trees(root, DirtyReason.ROOT_RETURNED)).isOne());
    assertWatched(root);
  }

  @Test
  void root_missingAtStart_isLostOnceAndReturns() throws IOException {
    Path missing = top.resolve("missing");
    watch(project("missing", missing));
    assertThat(status().mode()).isEqualTo(WatchMode.ROOT_LOST);
    Files.createDirectory(missing);
    until(() -> assertThat(heard.trees(missing, DirtyReason.ROOT_RETURNED)).isOne());
    assertThat(heard.trees(missing, DirtyReason.ROOT_LOST)).isOne();
    assertThat(heard.trees(missing, DirtyReason.STARTED)).isZero();
    assertWatched(missing);
  }

  @Test
  void root_thatIsAFile_isLost() throws IOException {
    Path file = Files.writeString(top.resolve("file"), "");
    Project project = project("file", file);
    watch(project);
    assertThat(status())
        .isEqualTo(
            new WatchStatus(
                project,
                WatchMode.ROOT_LOST,
                0,
                0,
                0,
                0,
                Optional.of(file + " is not a directory")));
  }

  @Test
  void root_thatIsALink_reportsItsOwnNameAndFollowsItsTarget() throws IOException {
    Path first = top.resolve("releases/1");
    Files.createDirectories(first.resolve("pkg"));
    Path second = top.resolve("releases/2");
    Files.createDirectories(second.resolve("pkg"));
    Path link = Files.createSymbolicLink(top.resolve("current"), first);
    watch(project("current", link));
    assertThat(Inotify.watches(first)).isTrue();
    assertWatched(link.resolve("pkg"));
    Path swapped = Files.createSymbolicLink(top.resolve("next"), second);
    Files.move(swapped, link, StandardCopyOption.REPLACE_EXISTING);
    until(() -> assertThat(heard.trees(link, DirtyReason.ROOT_RETURNED)).isOne());
    assertThat(Inotify.watches(first)).isFalse();
    assertThat(Inotify.watches(second)).isTrue();
    assertWatched(link.resolve("pkg"));
  }

  // Faults.

  @Test
  void oneDirectory_withMoreChangesThanItsQueueHolds_isRepairedWithoutAMiss() throws Exception {
    Path crowded = Files.createDirectory(root.resolve("crowded"));
    Files.createFile(crowded.resolve("m0.py"));
    Gate gate = new Gate(heard);
    watchWith(gate, shop);
    gate.shut();
    Files.writeString(root.resolve("other.py"), "1");
    gate.awaitCaller();
    for (int i = 0; i < 1_000; i++) {
      Files.move(crowded.resolve("m" + i + ".py"), crowded.resolve("m" + (i + 1) + ".py"));
    }
    Path unseen = Files.createDirectory(crowded.resolve("unseen"));
    gate.open();
    until(() -> assertThat(heard.trees(root, DirtyReason.LOST_EVENTS)).isPositive());
    assertWatched(unseen);
    assertThat(status().overflows()).isOne();
    assertThat(status().rebuilds()).isOne();
    assertThat(watches.totals().overflows()).isOne();
    // The second watcher has taken over: the first one's watches are given back.
    until(() -> assertThat(Inotify.watchedInodes()).hasSize(3));
  }

  @Test
  void listenerThatThrows_getsTheWholeTreeLater() throws IOException {
    AtomicBoolean failing = new AtomicBoolean();
    WatchListener listener =
        new Relay(heard) {
          @Override
          void before() {
            if (failing.getAndSet(false)) {
              throw new IllegalStateException("not now");
            }
          }
        };
    watchWith(listener, shop);
    failing.set(true);
    Files.writeString(root.resolve("x.py"), "1");
    until(() -> assertThat(heard.trees(root, DirtyReason.UNHEARD)).isPositive());
    assertWatched(root);
  }

  @Test
  void start_whileDirectoriesComeAndGo_succeeds() throws Exception {
    AtomicBoolean churning = new AtomicBoolean(true);
    Thread churn = new Thread(() -> churn(churning));
    churn.start();
    try {
      for (int i = 0; i < 10; i++) {
        watch(shop);
        assertThat(status().mode()).isEqualTo(WatchMode.EVENTS);
        watches.close();
      }
    } finally {
      churning.set(false);
      churn.join();
    }
    heard.clear();
    watch(shop);
    assertWatched(root);
  }

  // The whole.

  @Test
  void start_surveysAfterAllIsWatched() throws IOException {
    Path deep = Files.createDirectories(root.resolve("a/b"));
    AtomicBoolean watched = new AtomicBoolean();
    WatchListener listener =
        new Relay(heard) {
          @Override
          public void dirtyTree(Project project, Path directory, DirtyReason reason) {
            try {
              watched.set(Inotify.watches(deep));
            } catch (IOException failure) {
              throw new UncheckedIOException(failure);
            }
            super.dirtyTree(project, directory, reason);
          }
        };
    watches = ProjectWatches.start(List.of(shop), prefix, listener, QUICK);
    finished(watches.armed());
    assertThat(heard.all())
        .containsExactly(new Recorder.Told("shop", "tree", root, DirtyReason.STARTED.name()));
    assertThat(watched).isTrue();
    assertThat(watches.totals().directories()).isEqualTo(3);
    assertThat(watches.totals().limit()).isPresent();
  }

  @Test
  void update_startsTheNew_closesTheRemoved_leavesTheOthers() throws IOException {
    Path blog = Files.createDirectory(top.resolve("blog"));
    Path wiki = Files.createDirectory(top.resolve("wiki"));
    Project second = project("blog", blog);
    watch(shop, second);
    heard.clear();
    watches.update(List.of(shop, project("wiki", wiki)));
    finished(watches.armed());
    assertThat(heard.trees(wiki, DirtyReason.STARTED)).isOne();
    assertThat(heard.trees(root, DirtyReason.STARTED)).isZero();
    assertThat(Inotify.watches(blog)).isFalse();
    assertThat(watches.status())
        .extracting(s -> s.project().name())
        .containsExactly("shop", "wiki");
    assertWatched(root);
  }

  @Test
  void close_leavesNothing_alsoWhenTwiceOrAtOnce() throws IOException {
    Files.createDirectories(root.resolve("a/b/c"));
    watch(shop, project("missing", top.resolve("missing")));
    watches.close();
    watches.close();
    assertNothingLeft();
    watches = ProjectWatches.start(List.of(shop), prefix, heard, QUICK);
    watches.close();
    assertNothingLeft();
    ProjectWatches closed = watches;
    assertThatThrownBy(() -> closed.update(List.of(shop)))
        .isInstanceOf(IllegalStateException.class);
  }

  // How it is done.

  private Project project(String name, Path at, String... exclude) {
    return new Project(name, at, at, Exclusions.of(FileSystems.getDefault(), List.of(exclude)));
  }

  private void watch(Project... projects) {
    watchWith(heard, projects);
  }

  private void watchWith(WatchListener listener, Project... projects) {
    watches = ProjectWatches.start(List.of(projects), prefix, listener, QUICK);
    finished(watches.armed());
  }

  private static void finished(CompletableFuture<Void> future) {
    assertThat(future).succeedsWithin(Duration.ofSeconds(10));
  }

  private WatchStatus status() {
    return watches.status().get(0);
  }

  private void assertWatched(Path directory) throws IOException {
    heard.clear();
    Files.writeString(directory.resolve("probe.py"), "1", StandardOpenOption.CREATE);
    until(() -> assertThat(heard.heardDirty(directory)).isTrue());
  }

  private static void assertNothingLeft() throws IOException {
    assertThat(Inotify.watchedInodes()).isEmpty();
    until(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(n -> n.startsWith("watch-") || n.contains("WatchService")));
  }

  private static void until(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(assertion);
  }

  private static Collection<Path> directoriesBelow(Path start) throws IOException {
    try (Stream<Path> all = Files.walk(start)) {
      return all.filter(Files::isDirectory).collect(toSet());
    }
  }

  private void churn(AtomicBoolean going) {
    int round = 0;
    try {
      while (going.get()) {
        Path outer = root.resolve("churn" + round++ % 7);
        Files.createDirectories(outer.resolve("a/b"));
        Files.writeString(outer.resolve("a/b/x.py"), "");
        Files.delete(outer.resolve("a/b/x.py"));
        Files.delete(outer.resolve("a/b"));
        Files.delete(outer.resolve("a"));
        Files.delete(outer);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Passes all on; {@link #before} may object. */
  private static class Relay implements WatchListener {
    private final WatchListener to;

    Relay(WatchListener to) {
      this.to = to;
    }

    void before() {}

    @Override
    public void dirty(Project project, Path directory) {
      before();
      to.dirty(project, directory);
    }

    @Override
    public void dirtyTree(Project project, Path directory, DirtyReason reason) {
      before();
      to.dirtyTree(project, directory, reason);
    }

    @Override
    public void degraded(Project project, Degradation degradation) {
      to.degraded(project, degradation);
    }

    @Override
    public void restored(Project project) {
      to.restored(project);
    }
  }

  /** A listener that can be made to block. */
  private static final class Gate extends Relay {
    private final CountDownLatch called = new CountDownLatch(1);
    private volatile CountDownLatch opened = new CountDownLatch(0);

    Gate(WatchListener to) {
      super(to);
    }

    void shut() {
      opened = new CountDownLatch(1);
    }

    void awaitCaller() throws InterruptedException {
      assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
    }

    void open() {
      opened.countDown();
    }

    @Override
    void before() {
      if (opened.getCount() == 0) {
        return;
      }
      called.countDown();
      try {
        assertThat(opened.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
