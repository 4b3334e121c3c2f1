package io.pycached.doctor;

/** The environment variables that say where interpreters keep bytecode; python(1). */
final class Variables {
  static final String PREFIX = "PYTHONPYCACHEPREFIX";

  /** Set to anything but nothing, no bytecode is written. It is read all the same. */
  static final String NO_WRITING = "PYTHONDONTWRITEBYTECODE";

  private Variables() {}
}
