package io.pycached.apply;

import java.nio.file.FileSystemException;

/**
 * Says that a source is not for everybody, and that its bytecode cannot be made readable to those
 * who may read the source and nobody else: only root may give files away.
 */
public final class PrivateSourceException extends FileSystemException {
  /** Why such a source is skipped. */
  public static final String REASON = "private source of another user";

  private static final long serialVersionUID = 1L;

  PrivateSourceException(String bytecode) {
    super(bytecode, null, REASON);
  }
}
