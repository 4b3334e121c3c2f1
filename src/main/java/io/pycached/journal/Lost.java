package io.pycached.journal;

import java.time.Instant;

/**
 * Events that the journal had no room for.
 *
 * @param at when it had room again
 * @param events how many
 */
public record Lost(Instant at, long events) implements Entry {}
