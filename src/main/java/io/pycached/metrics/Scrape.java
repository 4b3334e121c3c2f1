package io.pycached.metrics;

/**
 * Every meter, written down.
 *
 * @param contentType the media type of {@code body}, with version and charset
 * @param body the exposition; to be encoded as UTF-8
 */
public record Scrape(String contentType, String body) {}
