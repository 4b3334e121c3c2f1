package io.pycached.policy;

import io.pycached.survey.Survey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about one directory pair.
 *
 * @param deletions by name
 * @param removeMirror whether the mirror itself goes, if it is empty by then
 * @param due when something that must wait for its age will be old enough; nothing if nothing waits
 */
public record Plan(
    Survey survey, List<Deletion> deletions, boolean removeMirror, Optional<Instant> due) {}
