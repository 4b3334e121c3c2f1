package io.pycached.cli;

import java.util.Objects;

/** Which pycached this is. */
public final class Version {
  private Version() {}

  /** {@return the version, as the package's manifest says; {@code dev} outside a package} */
  public static String number() {
    return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "dev");
  }

  static String line() {
    return "pycached " + number();
  }
}
