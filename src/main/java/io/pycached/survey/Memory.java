package io.pycached.survey;

/**
 * What surveys remember of single files; no verdict depends on its being there.
 *
 * @param files headers of bytecode, and which bodies are whole
 * @param bodies which are damaged
 */
record Memory(SourceHashes hashes, KnownFiles files, Bodies bodies) {
  static Memory of(SourceHashes hashes, KnownFiles files) {
    return new Memory(hashes, files, new Bodies(files));
  }
}
