/**
 * What is wrong with a machine's set-up for one prefix, and the command that mends it.
 *
 * <p>Each {@link io.pycached.doctor.Check} looks at one thing, reads only, and says what it found
 * in lines that stand on their own. The world is handed in: where {@code proc(5)} and {@code /etc}
 * are, which variables are set, what a daemon answered. All that is walked has a bound, and what
 * lies beyond is said to. A check that cannot look says {@code unknown} and why; none fails the
 * others.
 *
 * <p>Checks belong to one thread.
 */
@NullMarked
package io.pycached.doctor;

import org.jspecify.annotations.NullMarked;
