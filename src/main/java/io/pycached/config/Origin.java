package io.pycached.config;

/** Where a value stands; line and column are 0 outside files. */
record Origin(String file, int line, int column) {

  static Origin outsideFiles(String name) {
    return new Origin(name, 0, 0);
  }

  @Override
  public String toString() {
    String name = Quoted.escape(file);
    return line == 0 ? name : name + ":" + line + ":" + column;
  }
}
