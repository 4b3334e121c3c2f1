package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what a sweep told: directories by their path below the territory's root. */
final class Heard implements ReconcileListener {
  private final Queue<Path> surveyed = new ConcurrentLinkedQueue<>();
  private final Queue<Path> unchanged = new ConcurrentLinkedQueue<>();
  private final Queue<Path> corrected = new ConcurrentLinkedQueue<>();
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Map<Path, IOException> failed = new ConcurrentHashMap<>();
  private final Map<Path, Instant> waits = new ConcurrentHashMap<>();

  /** {@return the directories that were read, each as often as it was} */
  Queue<Path> surveyed() {
    return surveyed;
  }

  /** {@return the directories that were read, as text} */
  Set<String> surveyedNames() {
    return names(surveyed);
  }

  Set<String> unchangedNames() {
    return names(unchanged);
  }

  Set<String> correctedNames() {
    return names(corrected);
  }

  Queue<Outcome> outcomes() {
    return outcomes;
  }

  Map<Path, IOException> failed() {
    return failed;
  }

  Map<Path, Instant> waits() {
    return waits;
  }

  private static Set<String> names(Queue<Path> paths) {
    Set<String> names = new TreeSet<>();
    paths.forEach(path -> names.add(path.toString()));
    return names;
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    Path root = territory.pair(survey.pair().mirror().getFileSystem().getPath("")).mirror();
    surveyed.add(root.relativize(survey.pair().mirror()));
  }

  @Override
  public void unchanged(Territory territory, Path relative) {
    unchanged.add(relative);
  }

  @Override
  public void corrected(Territory territory, Path relative) {
    corrected.add(relative);
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    outcomes.add(outcome);
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    failed.put(pair.mirror(), failure);
  }

  @Override
  public void waits(Territory territory, Path relative, Instant due) {
    waits.put(relative, due);
  }
}
