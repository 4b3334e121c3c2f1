package io.pycached.admin;

/** Hears of every answered request; called by HTTP threads, so it must be quick. */
@FunctionalInterface
public interface RequestListener {
  /**
   * Tells that a request was answered.
   *
   * @param route the route's path, without a query, or {@code other}: a small set, fit for a label
   * @param status the HTTP status code
   * @param nanos from the request's arrival until the answer was written
   */
  void answered(String route, int status, long nanos);
}
