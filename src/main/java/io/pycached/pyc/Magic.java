package io.pycached.pyc;

import java.util.HexFormat;

/**
 * A magic number: the first four bytes of a bytecode file, which name the bytecode dialect of one
 * Python version (PEP 3147). Any change of the bytecode changes it, also between two pre-releases.
 *
 * @param number the first two bytes, unsigned and little endian; {@code \r\n} follows them
 * @param implementation who writes it
 * @param python the language version as {@code "3.12"}; {@code "3"} where the number tells no more
 * @param release whether a final release writes it, as against alphas, betas and candidates
 * @param headerBytes the length of the header it begins: 16 since PEP 552, before that 12 or 8
 * @param hash how the source hash of a hash-based bytecode file is computed
 */
public record Magic(
    int number,
    Implementation implementation,
    String python,
    boolean release,
    int headerBytes,
    SourceHash.Algorithm hash) {

  /** {@code \r\n}, which marks a file that was copied as text, in the upper half. */
  private static final int CR_LF = 0x0A0D_0000;

  public Magic {
    if (number < 0 || number > 0xFFFF) {
      throw new IllegalArgumentException("magic number is " + number + ", expected 16 bits");
    }
    if (headerBytes != 8 && headerBytes != 12 && headerBytes != 16) {
      throw new IllegalArgumentException("header is " + headerBytes + " bytes, expected 8, 12, 16");
    }
  }

  /** {@return the four bytes read as a little-endian number, importlib's _RAW_MAGIC_NUMBER} */
  public int raw() {
    return number | CR_LF;
  }

  /** {@return the four bytes as eight hexadecimal digits in file order, {@code "cb0d0d0a"}} */
  public String hex() {
    return HexFormat.of().toHexDigits(Integer.reverseBytes(raw()));
  }

  /**
   * {@return the cache tag of the interpreters that write it, {@code "cpython-312"}; empty where
   * the number does not tell it (GraalPy) or no tag existed (before 3.2)}
   */
  public String cacheTag() {
    return switch (implementation) {
      case CPYTHON -> headerBytes == 8 && number < 3160 ? "" : "cpython-" + digits();
      case PYPY -> "pypy" + digits();
      case GRAALPY -> "";
    };
  }

  private String digits() {
    return python.replace(".", "");
  }

  /** {@return whether four bytes, read as a little-endian number, end in {@code \r\n}} */
  static boolean isWellFormed(int raw) {
    return (raw & 0xFFFF_0000) == CR_LF;
  }
}
