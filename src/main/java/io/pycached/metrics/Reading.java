package io.pycached.metrics;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the daemon stands at one moment; the gauges of one scrape.
 *
 * @param files the files of the prefix, by cache tag and then by state; the cache tag is empty for
 *     files that have none, temporary and foreign ones
 * @param projects the projects of the configuration in force, each name once
 * @param watch the watches of all projects
 * @param dirtyDirectories how many directories wait to be surveyed
 * @param workers what is being compiled
 * @param flaws what an audit found wrong and was not mended, by kind; kinds without any are left
 *     out
 * @param ready whether the first survey is done and watches are in place
 * @param problems how many problems the status lists, by code; codes without any are left out
 * @param limits what the prefix may hold, and held when it was last counted
 */
public record Reading(
    Map<String, Map<String, FilesAndBytes>> files,
    List<ProjectReading> projects,
    WatchReading watch,
    long dirtyDirectories,
    WorkerReading workers,
    Map<String, Long> flaws,
    boolean ready,
    Map<String, Long> problems,
    LimitReading limits) {

  /** How a daemon stands that has done nothing yet. */
  static final Reading NOTHING =
      new Reading(
          Map.of(),
          List.of(),
          new WatchReading(0, OptionalLong.empty(), 0),
          0,
          new WorkerReading(0, 0, 0),
          Map.of(),
          false,
          Map.of(),
          LimitReading.NONE);

  /**
   * Takes copies of {@code files}, whose inner maps must not change, {@code projects}, {@code
   * flaws} and {@code problems}.
   */
  public Reading {
    files = Map.copyOf(files);
    projects = List.copyOf(projects);
    flaws = Map.copyOf(flaws);
    problems = Map.copyOf(problems);
  }
}
