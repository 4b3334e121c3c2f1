/**
 * Composition and lifecycle: turns settings into a domain that runs, translates between it and the
 * edges, and starts and stops what has threads. The one place where parts are wired, by hand.
 */
@NullMarked
package io.pycached.daemon;

import org.jspecify.annotations.NullMarked;
