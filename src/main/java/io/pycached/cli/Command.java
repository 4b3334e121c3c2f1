package io.pycached.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** One of pycached's commands. */
interface Command {
  /** {@return its name, options and help} */
  CommandSpec spec();

  /**
   * {@return how it went}
   *
   * @throws CommandFailure with a line for the user
   * @throws IOException if the file system failed
   */
  ExitStatus run(Options options) throws CommandFailure, IOException;
}
