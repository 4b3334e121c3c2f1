package io.pycached.survey;

import java.io.IOException;
import java.nio.file.Path;

/** A program that surveys a pair of a {@link Workplace} and prints each name and its verdict. */
final class PowerlessSurvey {
  private PowerlessSurvey() {}

  public static void main(String[] args) throws IOException {
    for (MirrorFile file : new Workplace(Path.of(args[0])).survey(args[1], true).files()) {
      System.out.println(file.name() + " " + file.verdict());
    }
  }
}
