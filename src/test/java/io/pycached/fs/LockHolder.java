package io.pycached.fs;

import java.io.IOException;
import java.nio.file.Path;

/** A program that tries the lock on a prefix, says how it went, and keeps it until input ends. */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] args) throws IOException {
    try {
      PrefixLock lock = PrefixLock.acquire(Path.of(args[0]), args[1], args[2]);
      System.out.println("held");
      while (System.in.read() >= 0) {
        // Nobody writes: this waits.
      }
      lock.close();
    } catch (PrefixLock.HeldException held) {
      System.out.println("in use by " + held.holder());
    }
  }
}
