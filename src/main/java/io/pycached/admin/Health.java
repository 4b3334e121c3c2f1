package io.pycached.admin;

/**
 * A yes or no for a probe, and why.
 *
 * @param ok whether all is well
 * @param line the reason, on one line: {@code ok}, or what is missing
 */
public record Health(boolean ok, String line) {}
