package io.pycached.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 4 GiB}, {@code 1.5GB}, {@code 4096}. */
final class ByteSizes {

  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?) ?([A-Za-z]{0,3})");

  /** IEC 80000-13 for the powers of 1024, SI for those of 1000. */
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40),
          Map.entry("kB", 1_000L),
          Map.entry("KB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L));

  private ByteSizes() {}

  /** {@return the bytes, rounded down, however many; empty if the text is no size} */
  static Optional<BigInteger> parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Long unit = UNITS.get(matcher.group(2));
    if (unit == null) {
      return Optional.empty();
    }
    return Optional.of(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).toBigInteger());
  }
}
