package io.pycached.pyc;

/** The Python implementation that wrote a bytecode file. */
public enum Implementation {
  CPYTHON("cpython"),
  PYPY("pypy"),
  GRAALPY("graalpy");

  private final String label;

  Implementation(String label) {
    this.label = label;
  }

  /** {@return the name as {@code sys.implementation.name} spells it, in lower case} */
  public String label() {
    return label;
  }
}
