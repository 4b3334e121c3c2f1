package io.pycached.policy;

import io.pycached.layout.CacheTag;
import io.pycached.layout.Variant;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * For which interpreters bytecode can and should be made in one directory.
 *
 * @param compiles whether an interpreter with this tag is at hand for the directory; in a virtual
 *     environment that is its own alone
 * @param wanted the variants that every source should have
 */
public record Targets(Predicate<CacheTag> compiles, Set<Variant> wanted) {
  public Targets {
    wanted = Set.copyOf(wanted);
  }

  /** {@return the wanted variants that can be made} */
  Set<Variant> makeable() {
    return wanted.stream()
        .filter(variant -> isCompilable(variant) && compiles.test(variant.tag()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** {@return whether {@code compile()} knows the variant's optimization level} */
  public static boolean isCompilable(Variant variant) {
    String level = variant.optimization();
    return level.isEmpty() || level.equals("1") || level.equals("2");
  }
}
