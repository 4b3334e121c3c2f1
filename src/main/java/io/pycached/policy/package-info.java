/**
 * What is to be done about a survey. Pure: a plan is a function of a survey, the settings and the
 * time, and touches nothing, so that a dry run is the plan printed.
 *
 * <p>{@link io.pycached.policy.PrunePolicy} says what goes, {@link io.pycached.policy.WarmPolicy}
 * what is made, {@link io.pycached.policy.TrustPolicy} what goes because somebody untrusted could
 * have written it.
 */
@NullMarked
package io.pycached.policy;

import org.jspecify.annotations.NullMarked;
