package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.pyc.Body;
import io.pycached.pyc.Magic;
import io.pycached.pyc.MarshalCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads the bodies of bytecode files. */
final class Bodies {
  /**
   * A body beyond it is not read: the largest that any compiler is known to have written is a tenth
   * of it.
   */
  static final long MAX_BYTES = 64L << 20;

  private Bodies() {}

  /** {@return what the body of the regular file {@code name} is} */
  static Body read(Directory directory, Path name, FileStamp stamp, Magic magic)
      throws IOException {
    if (stamp.size() > MAX_BYTES) {
      return new Body.Unchecked(
          "file is " + stamp.size() + " bytes, more than the " + MAX_BYTES + " that are read");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) stamp.size());
    directory.read(name, bytes);
    bytes.flip();
    return MarshalCheck.check(bytes.position(Math.min(bytes.limit(), magic.headerBytes())), magic);
  }
}
