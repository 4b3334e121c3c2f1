package io.pycached.compile;

import io.pycached.fs.FileStamp;
import java.nio.file.Path;

/**
 * A source to be compiled.
 *
 * @param optimization the level as in a {@code .pyc}'s name (PEP 488): {@code ""}, {@code "1"}
 * @param filename the {@code co_filename}: the source as interpreters see it
 * @param source its bytes, which are not copied
 * @param key the file as we see it; a source that ended a worker is left alone until it changes
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are carried; nobody compares requests.
public record CompileRequest(
    Interpreter interpreter, String optimization, Path filename, byte[] source, Key key) {

  /** A source file in one state. */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are carried; nobody compares requests.
  public record Key(Path path, FileStamp stamp) {}
}
