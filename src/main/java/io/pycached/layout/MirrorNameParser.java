package io.pycached.layout;

import org.jspecify.annotations.Nullable;

/** Reads the names of files in a mirror, from the right. */
final class MirrorNameParser {
  private static final MirrorName FOREIGN = new MirrorName.Foreign();
  private static final String OPT = ".opt-";
  private static final String PYTEST = "-pytest-";

  private MirrorNameParser() {}

  static MirrorName parse(String name) {
    MirrorName.Bytecode bytecode = parseBytecode(name);
    if (bytecode != null) {
      return bytecode;
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0 && isDigits(name, dot + 1)) {
      MirrorName.Bytecode intended = parseBytecode(name.substring(0, dot));
      if (intended != null) {
        return new MirrorName.Temporary(intended, name.substring(dot + 1));
      }
    }
    return FOREIGN;
  }

  private static MirrorName.@Nullable Bytecode parseBytecode(String name) {
    boolean pyo = name.endsWith(".pyo");
    if (!pyo && !name.endsWith(".pyc")) {
      return null;
    }
    String suffix = pyo ? ".pyo" : ".pyc";
    String stem = name.substring(0, name.length() - suffix.length());
    String optimization = "";
    int opt = stem.lastIndexOf(OPT);
    if (opt > 0
        && opt + OPT.length() < stem.length()
        && Variant.isAlphanumeric(stem.substring(opt + OPT.length()))) {
      optimization = stem.substring(opt + OPT.length());
      stem = stem.substring(0, opt);
    }
    String writer = "";
    int pytest = stem.lastIndexOf(PYTEST);
    if (pytest > 0
        && isVersion(stem, pytest + PYTEST.length())
        && tagAfterDot(stem.substring(0, pytest)) > 0) {
      writer = stem.substring(pytest);
      stem = stem.substring(0, pytest);
    }
    int tag = tagAfterDot(stem);
    if (tag > 0) {
      Variant variant = new Variant(new CacheTag(stem.substring(tag)), optimization);
      return new MirrorName.Bytecode(stem.substring(0, tag - 1), false, variant, writer, suffix);
    }
    tag = dotlessTag(stem);
    if (tag > 0) {
      Variant variant = new Variant(new CacheTag(stem.substring(tag)), optimization);
      return new MirrorName.Bytecode(stem.substring(0, tag), true, variant, writer, suffix);
    }
    return null;
  }

  /** Where the tag starts that follows a module's name and a dot, or -1. */
  private static int tagAfterDot(String stem) {
    int dot = stem.lastIndexOf('.');
    return dot > 0 && CacheTag.isCacheTag(stem.substring(dot + 1)) ? dot + 1 : -1;
  }

  /**
   * Where the tag starts that follows an extensionless source's name without a dot, or -1. Such a
   * name has no dot at all.
   */
  private static int dotlessTag(String stem) {
    if (stem.indexOf('.') >= 0) {
      return -1;
    }
    int tag = -1;
    for (String implementation : new String[] {"cpython-", "pypy", "graalpy"}) {
      int at = stem.lastIndexOf(implementation);
      if (at > 0 && CacheTag.isCacheTag(stem.substring(at))) {
        tag = Math.max(tag, at);
      }
    }
    return tag;
  }

  private static boolean isDigits(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < text.length();
  }

  /** A version as PEP 440 writes it; pytest puts its own into the name. */
  private static boolean isVersion(String text, int from) {
    if (from >= text.length() || text.charAt(from) < '0' || text.charAt(from) > '9') {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '+' || c == '!')) {
        return false;
      }
    }
    return true;
  }
}
