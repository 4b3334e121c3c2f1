package io.pycached.compile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

/** Has code objects disassembled by the interpreter that runs them. */
public final class Disassembler {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Disassembler() {}

  /**
   * Writes what {@code dis.dis} prints of a module, as UTF-8. The code is not run.
   *
   * @param interpreter one with the magic number of the file's header
   * @param pyc a whole bytecode file, of whose body the structure was checked
   * @param header the length of its header, in bytes
   * @throws IOException if the interpreter could not do it, or not in time
   */
  public static void write(Interpreter interpreter, byte[] pyc, int header, OutputStream out)
      throws IOException, InterruptedException {
    Child child =
        Child.start(
            interpreter.executable(),
            List.of("-I", "-S", "-B", "-X", "utf8", "-c", Script.DIS.text()),
            Child.CLEAN);
    try (Watchdog watchdog = new Watchdog("dis-watchdog")) {
      Future<?> end = watchdog.after(LIMIT, child::kill);
      try (OutputStream body = child.input()) {
        body.write(pyc, header, pyc.length - header);
      }
      try (InputStream listing = child.output()) {
        listing.transferTo(out);
      }
      end.cancel(false);
      String ended = child.obituary();
      if (!ended.startsWith("ended with status 0")) {
        throw new IOException(interpreter.executable() + " " + ended);
      }
    } finally {
      child.kill();
    }
  }
}
