package io.pycached.compile;

/**
 * What {@link Compilers} have done.
 *
 * @param workers processes that live now
 * @param busy those of them that compile
 * @param started processes ever started
 * @param crashed those that ended in the midst of a source
 * @param timedOut those that were ended because a source took too long
 * @param quarantined sources that are left alone
 */
public record Statistics(
    int workers, int busy, long started, long crashed, long timedOut, long quarantined) {}
