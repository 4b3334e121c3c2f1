/**
 * The level-triggered reconciler: survey, plan, apply, for one directory pair or a whole tree of
 * them.
 *
 * <p>Whatever the cause, a watch event, a timer, a request or a one-shot command, the work is the
 * same {@link io.pycached.reconcile.Sweep}: it visits directory pairs and does to each what the
 * {@link io.pycached.reconcile.Mode} asks for. What it leaves behind is a {@link
 * io.pycached.reconcile.Catalog} of small summaries; the file system stays the truth.
 *
 * <p>One sweep at a time runs in a {@link io.pycached.reconcile.Territory}, on as many threads as
 * the pool has. What a plan wants made goes to a {@link io.pycached.reconcile.BuildQueue} with
 * threads of its own: compiling takes a thousand times as long as looking. Listeners are called
 * from all of those threads.
 */
@NullMarked
package io.pycached.reconcile;

import org.jspecify.annotations.NullMarked;
