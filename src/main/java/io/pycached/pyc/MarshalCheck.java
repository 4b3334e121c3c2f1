package io.pycached.pyc;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The check of a bytecode file's body: whether the interpreter that its header names could load it.
 *
 * <p>The verdict is that of {@code marshal.loads} followed by importlib's test for a code object.
 * It is about structure: bytecode instructions are not looked at. A body that would crash the
 * interpreter itself counts as malformed where the structure shows it; not so the two instructions
 * for monitoring, at which 3.12 and 3.13 crash while loading.
 *
 * <p>Known are the dialects of CPython 3.7 to 3.14: all that releases write, and those pre-releases
 * that already had the layout of their release.
 */
public final class MarshalCheck {
  private MarshalCheck() {}

  /**
   * {@return the verdict on a body, the remaining bytes of a buffer, which it leaves as it is}
   *
   * <p>No input makes it throw; it takes time in proportion to the body's length, and no more
   * memory than a few times that. What would take more is {@link Body.Unchecked}.
   *
   * @param body everything after the header
   * @param magic the header's magic number
   */
  public static Body check(ByteBuffer body, Magic magic) {
    Optional<MarshalDialect> dialect = MarshalDialect.of(magic);
    if (dialect.isEmpty()) {
      return new Body.Unchecked(
          "the marshal format of magic number " + magic.number() + " is not known");
    }
    MarshalInput in = new MarshalInput(body);
    MarshalParser parser = new MarshalParser(in, dialect.get());
    try {
      long value = parser.parse();
      if (value == Value.NULL) {
        throw Damage.malformed("NULL object in marshal data for object");
      }
      CodeFrame code = parser.root();
      if (code == null) {
        return new Body.Damaged(Defect.NOT_CODE, "object is not a code object", in.position());
      }
      CodeSummary summary = new MarshalText(in, parser.references()).summary(code);
      return new Body.Intact(summary, in.remaining());
    } catch (Damage damage) {
      return damage.at(in.position());
    }
  }
}
