/**
 * What the domain returns, written for people and for programs. The JSON documents are contracts:
 * every one has {@code "schema": 1}, sizes are bytes, times are ISO-8601.
 *
 * <p>Alone knows the JSON library. A report is filled by a sweep's threads and written by one.
 */
@NullMarked
package io.pycached.report;

import org.jspecify.annotations.NullMarked;
