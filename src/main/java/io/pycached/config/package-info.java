/**
 * Settings as values: what the configuration files, the environment and the command line say, read
 * once, checked whole and handed on as records.
 *
 * <p>The files are TOML 1.0.0 (<a href="https://toml.io/en/v1.0.0">toml.io</a>), the version that
 * Python's {@code tomllib} reads too. Only this package knows the library that parses them. Callers
 * need {@link io.pycached.config.SettingsReader} and {@link io.pycached.config.Settings}.
 *
 * <p>Errors: whatever is wrong, in however many places, arrives as one {@link
 * io.pycached.config.ConfigException} that lists every error with its file, line and column. A
 * value that a later layer overrides is checked all the same: it stands in a file and is wrong.
 *
 * <p>Threading: values are immutable; a reader holds no state between reads and may be shared.
 */
@NullMarked
package io.pycached.config;

import org.jspecify.annotations.NullMarked;
