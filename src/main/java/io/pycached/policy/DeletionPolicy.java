package io.pycached.policy;

import io.pycached.survey.Survey;
import java.time.Instant;

/** Decides which files of a directory pair are to be deleted. Pure; safe for use by any thread. */
public interface DeletionPolicy {
  /** {@return what is to be done about {@code survey} at {@code now}} */
  Plan plan(Survey survey, Instant now);
}
