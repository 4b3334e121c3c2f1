package io.pycached.daemon;

import io.pycached.compile.Interpreters;
import io.pycached.layout.Variant;
import io.pycached.policy.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The variants that somebody names, who is to get them or be told why not.
 *
 * @param variants in their order; empty: none is named
 */
public record NamedVariants(List<Variant> variants) {
  /** Bound on those of one request: every source is wanted as often. */
  static final int MOST = 64;

  public NamedVariants {
    variants = List.copyOf(variants);
  }

  /**
   * {@return the variants that {@code texts} name}
   *
   * @throws IllegalArgumentException if one names none, or one that no compiler makes, or if they
   *     are too many
   */
  public static NamedVariants parse(List<String> texts) {
    if (texts.size() > MOST) {
      throw new IllegalArgumentException(
          "expected at most " + MOST + " variants, found " + texts.size());
    }
    List<Variant> variants = new ArrayList<>();
    for (String text : texts) {
      variants.add(parse(text));
    }
    return new NamedVariants(variants);
  }

  private static Variant parse(String text) {
    Variant variant;
    try {
      variant = Variant.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "expected a cache tag as cpython-312 or cpython-312.opt-1, found " + text, wrong);
    }
    if (!Targets.isCompilable(variant)) {
      throw new IllegalArgumentException(
          "expected no optimization level, opt-1 or opt-2, found " + text);
    }
    return variant;
  }

  /**
   * {@return a line for each variant that no interpreter writes} That is no error: a virtual
   * environment may have an interpreter that is found nowhere else.
   *
   * @param interpreters of this machine; waits until they were probed
   */
  public List<String> unmet(Interpreters interpreters) {
    List<String> lines = new ArrayList<>();
    for (Variant variant : variants) {
      if (interpreters.writing(variant.tag()).isEmpty()) {
        lines.add("no interpreter here writes " + variant + ", found: " + found(interpreters));
      }
    }
    return lines;
  }

  private static String found(Interpreters interpreters) {
    String known =
        interpreters.known().stream()
            .map(interpreter -> interpreter.cacheTag().name())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return known.isEmpty() ? "none" : known;
  }
}
