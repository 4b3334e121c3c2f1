package io.pycached.reconcile;

import io.pycached.apply.Access;
import io.pycached.apply.Adopter;
import io.pycached.apply.Outcome;
import io.pycached.apply.PycWriter;
import io.pycached.compile.Compilers;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Limits;
import io.pycached.compile.Search;
import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.Variant;
import io.pycached.policy.Build;
import io.pycached.policy.InvalidationMode;
import io.pycached.policy.WarmPolicy;
import io.pycached.policy.Warmth;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Voucher;
import io.pycached.testing.Interpreter;
import io.pycached.testing.PycacheTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A queue of builds, a prefix and a CPython 3.12 whose workers wait at a gate. */
final class Bench implements BuildQueue.Listener, AutoCloseable {
  static final Variant PLAIN = Variant.parse("cpython-312");
  static final Instant EDITED = Instant.parse("2026-03-04T05:06:07.5Z");

  /** A worker, which is told by its script's words, starts when the gate is gone. */
  private static final String GATED =
      """
      #!/bin/sh
      case "$*" in *pycached-worker*) while [ -e '%s' ]; do sleep 0.02; done ;; esac
      exec '%s' "$@"
      """;

  private final Path top;
  private final Path gate;
  private final Interpreters interpreters;
  private final Compilers compilers;
  private final Surveyor surveyor =
      new Surveyor(new SourceHashes(9), BodyCheck.ALWAYS, InstantSource.system());
  private final BuildQueue queue;

  /** In the order in which they came, each as text; paths by their last name. */
  private final List<String> heard =
      java.util.Collections.synchronizedList(new java.util.ArrayList<>());

  Bench(Path directory, boolean patient) throws IOException {
    this(directory, directory.toRealPath().resolve("p"), patient);
  }

  /**
   * @param prefix a path of any file system
   */
  Bench(Path directory, Path prefix, boolean patient) throws IOException {
    top = directory.toRealPath();
    gate = top.resolve("gate");
    Files.createDirectories(top.resolve("p"));
    Path script = top.resolve("python3.12");
    Files.writeString(script, GATED.formatted(gate, Interpreter.require("3.12")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    int user = (int) Files.getAttribute(top, "unix:uid");
    interpreters =
        new Interpreters(
            new Search(List.of(script), false, List.of(), List.of(), List.of(), Map.of(), user));
    compilers = new Compilers(Limits.of(2), InstantSource.system());
    PycWriter writer = new PycWriter(new PycachePrefix(prefix), Access.DAEMON);
    Workshop workshop =
        new Workshop(
            new Toolchain(interpreters),
            compilers,
            new Adopter(surveyor, writer),
            writer,
            InstantSource.system());
    queue = new BuildQueue(workshop, writer, patient);
  }

  BuildQueue queue() {
    return queue;
  }

  List<String> heard() {
    return List.copyOf(heard);
  }

  void shut() throws IOException {
    Files.createFile(gate);
  }

  void open() throws IOException {
    Files.delete(gate);
  }

  /** {@return territories of projects with these names, all of whose sources are wanted} */
  List<Territory> territories(String... names) throws IOException {
    Map<io.pycached.layout.Project, WarmPolicy> projects = new LinkedHashMap<>();
    for (String name : names) {
      projects.put(
          PycacheTree.project(name, Files.createDirectories(top.resolve(name))),
          new WarmPolicy(Warmth.ALL, List.of(PLAIN), InvalidationMode.TIMESTAMP));
    }
    return Territory.of(new PycachePrefix(top.resolve("p")), projects, Voucher.NOBODY);
  }

  /** Writes a source of a past time. */
  Path source(String project, String name, String text) throws IOException {
    Path source = top.resolve(project).resolve(name);
    Files.createDirectories(source.getParent());
    Files.writeString(source, text);
    return Files.setLastModifiedTime(source, FileTime.from(EDITED));
  }

  /** {@return what is to be made in a territory's root, as the daemon finds it out} */
  List<Build> missing(Territory territory) throws IOException {
    Path root = top.getFileSystem().getPath("");
    SourceSide side = territory.source(root);
    try (Directory mirror = Directory.openFollowing(territory.pair(root).mirror())) {
      return missing(territory, side, Optional.of(mirror));
    } catch (NoSuchFileException none) {
      return missing(territory, side, Optional.empty());
    }
  }

  private List<Build> missing(Territory territory, SourceSide side, Optional<Directory> mirror)
      throws IOException {
    Path root = top.getFileSystem().getPath("");
    Survey survey = surveyor.survey(territory.pair(root), side, mirror, Optional.empty());
    return territory
        .warm()
        .builds(
            survey,
            surveyor.supply(survey, side, true),
            () -> queue.workshop().toolchain().targets(territory, survey.pair()));
  }

  /** Offers what is to be made in a territory's root. */
  void offer(Territory territory) throws IOException {
    offer(territory, missing(territory));
  }

  void offer(Territory territory, List<Build> builds) {
    queue.offer(territory, top.getFileSystem().getPath(""), builds, false);
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    String what = outcome.getClass().getSimpleName() + " " + outcome.path().getFileName();
    heard.add(
        outcome instanceof Outcome.Skipped skipped
            ? what + ": " + skipped.reason()
            : outcome instanceof Outcome.Refused refused
                ? what + (refused.remembered() ? ": again" : "")
                : what);
  }

  @Override
  public void finished(Territory territory, Path relative) {
    heard.add("finished " + territory.name());
  }

  @Override
  public void unfinished(Territory territory, Path relative) {
    heard.add("unfinished " + territory.name());
  }

  @Override
  public void unwritable(IOException failure) {
    heard.add("unwritable");
  }

  @Override
  public void writable() {
    heard.add("writable");
  }

  @Override
  public void close() {
    queue.close();
    compilers.close();
    interpreters.close();
  }
}
