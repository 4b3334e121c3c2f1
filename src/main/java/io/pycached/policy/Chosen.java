package io.pycached.policy;

import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes the files that were chosen, and nothing else.
 *
 * @param reasons why, by their absolute paths
 */
public record Chosen(Map<Path, String> reasons) implements DeletionPolicy {
  public Chosen {
    reasons = Map.copyOf(reasons);
  }

  @Override
  public Plan plan(Survey survey, Instant now) {
    List<Deletion> deletions = new ArrayList<>();
    for (MirrorFile file : survey.files()) {
      String reason = reasons.get(survey.pair().mirror().resolve(file.name()));
      if (reason != null) {
        deletions.add(new Deletion(file, reason));
      }
    }
    return new Plan(survey, deletions, false, Optional.empty());
  }
}
