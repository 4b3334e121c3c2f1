package io.pycached.doctor;

import java.util.List;

/** Whether names that are not ASCII can be shown and typed. */
public final class LocaleCheck implements Check {
  private final String encoding;

  /**
   * @param encoding in which this virtual machine reads and writes file names, {@code
   *     sun.jnu.encoding}
   */
  public LocaleCheck(String encoding) {
    this.encoding = encoding;
  }

  @Override
  public String name() {
    return "locale";
  }

  @Override
  public List<Diagnosis> look() {
    return encoding.equalsIgnoreCase("UTF-8")
        ? List.of(Diagnosis.ok(this, "file names are UTF-8"))
        : List.of(
            Diagnosis.warning(
                this,
                "file names are %s here: others than ASCII ones are shown as question marks"
                    .formatted(encoding),
                "localedef -i C -f UTF-8 C.UTF-8"));
  }
}
