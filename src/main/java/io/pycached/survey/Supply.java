package io.pycached.survey;

import java.nio.file.Path;
import java.util.List;

/**
 * What a source directory holds that bytecode for its mirror can be had from.
 *
 * @param sources the names of its {@code .py} files, in order; empty unless they were asked for
 * @param adoptable the files of its own {@code __pycache__} that an interpreter without a prefix
 *     would load, by name; their bodies have been checked
 */
public record Supply(List<Path> sources, List<MirrorFile> adoptable) {
  /** Of a directory that is not there, or cannot be read. */
  public static final Supply NONE = new Supply(List.of(), List.of());

  public Supply {
    sources = List.copyOf(sources);
    adoptable = List.copyOf(adoptable);
  }
}
