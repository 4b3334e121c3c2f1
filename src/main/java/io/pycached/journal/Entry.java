package io.pycached.journal;

import java.time.Instant;

/** What one line of the journal tells. */
public sealed interface Entry permits Event, Lost {
  /** {@return when it happened} */
  Instant at();
}
