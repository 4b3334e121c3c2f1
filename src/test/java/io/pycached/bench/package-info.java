/** The inner benchmarks (JMH); {@code src/bench/run --jmh} runs them. */
@NullMarked
package io.pycached.bench;

import org.jspecify.annotations.NullMarked;
