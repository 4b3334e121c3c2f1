package io.pycached.pyc;

import static io.pycached.pyc.Implementation.CPYTHON;
import static io.pycached.pyc.Implementation.GRAALPY;
import static io.pycached.pyc.Implementation.PYPY;
import static io.pycached.pyc.SourceHash.Algorithm.SIPHASH_1_3;
import static io.pycached.pyc.SourceHash.Algorithm.SIPHASH_2_4;
import static io.pycached.pyc.SourceHash.Algorithm.UNKNOWN;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The magic numbers that Python implementations have written, from 3.0 on.
 *
 * <p>A cache tag does not determine a magic number: pre-releases change it under an unchanged tag,
 * 3.5 changed it in a patch release, and RustPython writes under CPython's tags. Sources: the table
 * of record in {@code pycore_magic_number.h}, before 3.14 in {@code _bootstrap_external.py}; {@code
 * default_magic} in PyPy's {@code pypy/module/imp/importing.py}; GraalPy's {@code
 * PythonLanguage.MAGIC_NUMBER}.
 */
public final class Magics {
  private static final Map<Integer, Magic> BY_NUMBER = new HashMap<>();
  private static final Map<String, List<Magic>> BY_TAG = new HashMap<>();

  static {
    cpython("3.0", 8, UNKNOWN, Set.of(3131), one(3000, 3010, 3020, 3030, 3040, 3050, 3060, 3061));
    cpython("3.0", 8, UNKNOWN, Set.of(3131), one(3071, 3081, 3091, 3101, 3103, 3111, 3131));
    cpython("3.1", 8, UNKNOWN, Set.of(3151), one(3141, 3151));
    cpython("3.2", 8, UNKNOWN, Set.of(3180), one(3160, 3170, 3180));
    cpython("3.3", 8, UNKNOWN, Set.of(), one(3190, 3200));
    cpython("3.3", 12, UNKNOWN, Set.of(3230), one(3210, 3220, 3230));
    cpython("3.4", 12, UNKNOWN, Set.of(3310), one(3250, 3260, 3270, 3280, 3290, 3300, 3310));
    cpython("3.5", 12, UNKNOWN, Set.of(3350, 3351), one(3320, 3330, 3340, 3350, 3351));
    cpython("3.6", 12, UNKNOWN, Set.of(3379), one(3360, 3361));
    cpython("3.6", 12, UNKNOWN, Set.of(3379), range(3370, 3379));
    cpython("3.7", 12, UNKNOWN, Set.of(), one(3390, 3391));
    cpython("3.7", 16, SIPHASH_2_4, Set.of(3394), range(3392, 3394));
    cpython("3.8", 16, SIPHASH_2_4, Set.of(3413), one(3400, 3401));
    cpython("3.8", 16, SIPHASH_2_4, Set.of(3413), range(3410, 3413));
    cpython("3.9", 16, SIPHASH_2_4, Set.of(3425), range(3420, 3425));
    cpython("3.10", 16, SIPHASH_2_4, Set.of(3439), range(3430, 3439));
    cpython("3.11", 16, SIPHASH_1_3, Set.of(3495), range(3450, 3495));
    cpython("3.12", 16, SIPHASH_1_3, Set.of(3531), range(3500, 3531));
    cpython("3.13", 16, SIPHASH_1_3, Set.of(3571), range(3550, 3571));
    cpython("3.14", 16, SIPHASH_1_3, Set.of(3627), range(3600, 3627));
    // Still moving: every number that 3.15 may use, and no release yet.
    cpython("3.15", 16, SIPHASH_1_3, Set.of(), range(3650, 3699));

    add("3.5", PYPY, 12, UNKNOWN, Set.of(112), one(112));
    add("3.6", PYPY, 12, UNKNOWN, Set.of(160, 192), one(160, 192));
    add("3.7", PYPY, 16, SIPHASH_2_4, Set.of(240), one(240));
    add("3.8", PYPY, 16, SIPHASH_2_4, Set.of(256), one(256));
    add("3.9", PYPY, 16, SIPHASH_2_4, Set.of(320, 336), one(320, 336));
    add("3.10", PYPY, 16, SIPHASH_2_4, Set.of(384), one(384));
    add("3.11", PYPY, 16, SIPHASH_2_4, Set.of(416, 432), one(416, 432));

    // Its source_hash depends on Java's own hash of the bytes and on a shift that loses all but
    // one of them, and one number serves several language versions.
    Set<Integer> graalpy = new HashSet<>();
    range(21000, 21999).forEach(graalpy::add);
    add("3", GRAALPY, 16, UNKNOWN, graalpy, range(21000, 21999));

    BY_TAG.replaceAll((tag, magics) -> List.copyOf(magics));
  }

  private Magics() {}

  /**
   * {@return what is known of a magic number, or empty if no interpreter known here writes it}
   *
   * @param number the first two bytes of the file, unsigned and little endian
   */
  public static Optional<Magic> find(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  /**
   * {@return the magic numbers that final releases of a cache tag write, ascending}
   *
   * <p>A bytecode file under that tag with any other number is stale for each of those releases.
   * Empty for an unknown tag, and for a Python that has no final release yet.
   */
  public static List<Magic> releasesOf(String cacheTag) {
    return allOf(cacheTag).stream().filter(Magic::release).toList();
  }

  /**
   * {@return the magic numbers that releases and pre-releases of a cache tag write, ascending;
   * empty for an unknown tag}
   */
  public static List<Magic> allOf(String cacheTag) {
    return BY_TAG.getOrDefault(cacheTag, List.of());
  }

  private static void cpython(
      String python,
      int headerBytes,
      SourceHash.Algorithm hash,
      Set<Integer> releases,
      IntStream numbers) {
    add(python, CPYTHON, headerBytes, hash, releases, numbers);
  }

  private static void add(
      String python,
      Implementation implementation,
      int headerBytes,
      SourceHash.Algorithm hash,
      Set<Integer> releases,
      IntStream numbers) {
    numbers.forEach(
        number -> {
          boolean release = releases.contains(number);
          var magic = new Magic(number, implementation, python, release, headerBytes, hash);
          BY_NUMBER.put(number, magic);
          if (!magic.cacheTag().isEmpty()) {
            List<Magic> magics = BY_TAG.computeIfAbsent(magic.cacheTag(), t -> new ArrayList<>());
            magics.add(magic);
            magics.sort(Comparator.comparingInt(Magic::number));
          }
        });
  }

  private static IntStream one(int... numbers) {
    return IntStream.of(numbers);
  }

  private static IntStream range(int first, int last) {
    return IntStream.rangeClosed(first, last);
  }
}
