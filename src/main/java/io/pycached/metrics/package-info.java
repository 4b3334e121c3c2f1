/**
 * What the daemon counts, as Prometheus reads it. The only package that knows Micrometer; it knows
 * nothing of the rest of pycached, whose numbers the daemon translates.
 *
 * <p>{@link io.pycached.metrics.Meters} is told what happens (counters and timers), and asks a
 * {@link io.pycached.metrics.Source} for how things stand (gauges) once a scrape, so that the rows
 * of one scrape belong together. Meters carry their exposition names in the source; names, base
 * units and labels follow Prometheus' naming practices (prometheus.io, "Metric and label naming")
 * and those of the process its client libraries' standard ({@code process_*}, {@code jvm_*}).
 *
 * <p><b>Labels</b> are never paths or users. Each takes a bounded number of values, whatever is in
 * the prefix or in a request; what is beyond the bound is counted under {@code other}. Projects are
 * as many as the configuration names.
 *
 * <p><b>Threads.</b> Everything here may be called by any thread. Counting takes no lock; scrapes
 * wait for each other. The first {@code Meters} of a process costs some hundred milliseconds of
 * class loading, so it is best made beside the start and not in its way.
 *
 * <p><b>Errors.</b> A number that the machine does not tell is a meter that is absent. What a
 * {@code Source} throws, {@link io.pycached.metrics.Meters#scrape} throws.
 */
@NullMarked
package io.pycached.metrics;

import org.jspecify.annotations.NullMarked;
