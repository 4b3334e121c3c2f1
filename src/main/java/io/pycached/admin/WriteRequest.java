package io.pycached.admin;

import java.nio.file.Path;
import java.util.List;

/**
 * One request to change the prefix, from a peer that may ask for it.
 *
 * @param operation what to do
 * @param paths only these directories, absolute; empty: everything
 * @param projects only the projects with these names; empty: all
 * @param variants what to compile the {@code paths} for, as the client wrote it; empty: as ever
 * @param dryRun whether to answer with the plan and change nothing
 * @param full whether to survey also what is known to be unchanged
 * @param confirmed whether all orphans may go, however many there are
 */
public record WriteRequest(
    WriteOperation operation,
    List<Path> paths,
    List<String> projects,
    List<String> variants,
    boolean dryRun,
    boolean full,
    boolean confirmed) {
  /** Copies the lists. */
  public WriteRequest {
    paths = List.copyOf(paths);
    projects = List.copyOf(projects);
    variants = List.copyOf(variants);
  }
}
