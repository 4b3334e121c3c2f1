package io.pycached.metrics;

import java.time.Instant;

/** The last time that the configuration was loaded, and whether it was valid. */
record Reload(boolean successful, Instant at) {}
