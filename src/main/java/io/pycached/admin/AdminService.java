package io.pycached.admin;

import java.nio.file.Path;

/**
 * What the admin endpoint serves. Called by several HTTP threads at once.
 *
 * <p>Reads answer in milliseconds; {@link #write} may take as long as the work does, and is
 * interrupted when the endpoint closes. An exception out of any method becomes status 500.
 */
public interface AdminService {
  /** {@return whether the daemon's loops still run; for {@code /healthz}} */
  Health alive();

  /** {@return whether the first survey is done and watches are in place; for {@code /readyz}} */
  Health ready();

  /** {@return what the daemon is doing as a whole} */
  State state();

  /** {@return the status in {@code format}: a JSON object, or what the command line prints} */
  String status(Format format);

  /**
   * {@return every meter, in the exposition format that {@code accept} prefers}
   *
   * @param accept the client's {@code Accept} field; empty if there is none
   */
  Answer metrics(String accept);

  /**
   * {@return the verdict on one file, the evidence and what the plan says}
   *
   * @param path an absolute path, source or bytecode; need not exist
   */
  Answer why(Path path, Format format);

  /**
   * {@return what became of {@code request}; status 501 for what this service does not do}
   *
   * @throws InterruptedException if the endpoint closed meanwhile
   */
  Answer write(WriteRequest request, Format format) throws InterruptedException;
}
