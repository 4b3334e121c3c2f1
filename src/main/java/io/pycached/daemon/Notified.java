package io.pycached.daemon;

import io.pycached.reconcile.Reconciler;
import io.pycached.systemd.Service;
import java.time.Duration;

/** The daemon, as a service manager sees it. */
record Notified(Vitals vitals, Reconciler reconciler) implements Service {
  /**
   * Once the first survey is done and the watches are in place, a new one of them changes nothing.
   */
  @Override
  public boolean isReady() {
    return vitals.hasStarted();
  }

  @Override
  public String line() {
    return vitals.report().line();
  }

  @Override
  public Duration silence() {
    return reconciler.silence();
  }
}
