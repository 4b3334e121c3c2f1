package io.pycached.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the daemon does on signals; the JVM itself turns SIGTERM and SIGINT into an orderly end.
 *
 * <p>{@code sun.misc.Signal} is the JDK's one way to hear of a signal, and JEP 260 keeps it until
 * there is another. It is reached by reflection because javac warns of every mention of it and
 * nothing silences that.
 */
final class Signals {
  private Signals() {}

  /** Runs {@code reload} on each SIGHUP, one after the other. */
  static void onHangUp(Runnable reload) {
    ExecutorService reloads =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "reload");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object reloading =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                reloads.execute(reload);
                return null;
              });
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangUp, reloading);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", missing);
    }
  }
}
