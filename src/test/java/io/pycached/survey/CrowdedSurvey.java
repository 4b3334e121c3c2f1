package io.pycached.survey;

import io.pycached.fs.Directory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A program that has several threads of one surveyor survey the root of a {@link Workplace} at the
 * same time, and prints each name and its verdict.
 */
final class CrowdedSurvey {
  private CrowdedSurvey() {}

  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Workplace workplace = new Workplace(Path.of(args[0]));
    DirectoryPair pair = workplace.pair("");
    Surveyor surveyor = new Surveyor(new SourceHashes(9), BodyCheck.ALWAYS, InstantSource.system());
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Integer.parseInt(args[1]),
            task -> {
              Thread thread = new Thread(task, "survey");
              thread.setDaemon(true);
              return thread;
            });
    List<Future<Survey>> surveys = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      surveys.add(
          threads.submit(
              () -> {
                try (Directory mirror = Directory.openFollowing(pair.mirror())) {
                  SourceSide side = SourceSide.ofRoot(workplace.project());
                  return surveyor.survey(pair, side, Optional.of(mirror), Optional.empty());
                }
              }));
    }
    for (Future<Survey> survey : surveys) {
      for (MirrorFile file : survey.get().files()) {
        System.out.println(file.name() + " " + file.verdict());
      }
    }
  }
}
