package io.pycached.policy;

import io.pycached.survey.State;
import io.pycached.survey.Survey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Deletes all bytecode, whatever its state; what no writer of bytecode has left stays. */
public record PurgePolicy() implements DeletionPolicy {
  static final String REASON = "purged";

  @Override
  public Plan plan(Survey survey, Instant now) {
    List<Deletion> deletions =
        survey.files().stream()
            .filter(file -> file.verdict().state() != State.FOREIGN)
            .map(file -> new Deletion(file, REASON))
            .toList();
    boolean empty = deletions.size() == survey.files().size() && survey.mirror().isPresent();
    return new Plan(survey, deletions, empty, Optional.empty());
  }
}
