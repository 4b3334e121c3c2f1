package io.pycached.policy;

import io.pycached.layout.CacheTag;
import io.pycached.layout.Variant;
import java.util.Set;
import java.util.function.Predicate;

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
}
