package io.pycached.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the daemon does on signals.
 *
 * <p>The JVM's own answer to SIGTERM is to run all shutdown hooks at once, that of
 * java.util.logging among them, which closes the log while others still write to it. A daemon that
 * is told to stop therefore stops first and ends the JVM afterwards.
 *
 * <p>{@code sun.misc.Signal} is the JDK's one way to hear of a signal, and JEP 260 keeps it until
 * there is another. It is reached by reflection because javac warns of every mention of it and
 * nothing silences that.
 */
final class Signals {
  private Signals() {}

  /** Runs {@code stop} on each SIGTERM and SIGINT; it must return at once. */
  static void onStop(Runnable stop) {
    handle("TERM", stop);
    handle("INT", stop);
  }

  /** Runs {@code reload} on each SIGHUP, one after the other. */
  static void onHangUp(Runnable reload) {
    ExecutorService reloads =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "reload");
              thread.setDaemon(true);
              return thread;
            });
    handle("HUP", () -> reloads.execute(reload));
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object acting =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      Object number = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, number, acting);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", missing);
    }
  }
}
