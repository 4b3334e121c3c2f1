package io.pycached.systemd;

import java.time.Duration;

/** A service, as its manager sees it. Asked by one thread; must answer soon. */
public interface Service {
  /** {@return whether it has become ready, and stays so until it stops} */
  boolean isReady();

  /** {@return how it is doing, in a line for people} */
  String line();

  /** {@return how long it has been at work without getting on; zero if it has nothing to do} */
  Duration silence();
}
