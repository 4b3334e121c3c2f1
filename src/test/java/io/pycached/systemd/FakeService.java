package io.pycached.systemd;

import java.time.Duration;

/** A service that is as it is told to be. */
final class FakeService implements Service {
  volatile boolean ready;
  volatile String line = "starting";
  volatile Duration silence = Duration.ZERO;

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public String line() {
    return line;
  }

  @Override
  public Duration silence() {
    return silence;
  }
}
