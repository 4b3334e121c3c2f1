package io.pycached.doctor;

import java.io.IOException;
import java.util.List;

/** A look at one part of the set-up. */
public interface Check {
  /** {@return its name, the same in every version} */
  String name();

  /**
   * {@return what it found, at least one line}
   *
   * @throws IOException if it cannot look
   */
  List<Diagnosis> look() throws IOException;
}
