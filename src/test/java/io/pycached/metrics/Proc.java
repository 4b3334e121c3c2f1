package io.pycached.metrics;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A procfs in memory whose process has distinct figures, and a name that is hard to parse. */
final class Proc {
  private Proc() {}

  static Path empty() {
    return Jimfs.newFileSystem(Configuration.unix()).getPath("/proc");
  }

  static Path mounted() throws IOException {
    Path proc = empty();
    Path self = Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n");
    Files.writeString(
        self.resolve("stat"),
        "4711 (py ) 7 (x) S 1 4711 4711 0 -1 4194560 5 6 7 8 150 75 11 12 20 0 17 0 12345 99 98\n");
    Files.writeString(
        self.resolve("status"),
        "Name:\tjava\nVmHWM:\t  9000 kB\nVmRSS:\t  2048 kB\nThreads:\t17\n");
    Files.writeString(
        self.resolve("limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             63000                63000                processes
        Max open files            1024                 524288               files
        """);
    for (String descriptor : new String[] {"0", "1", "2", "7"}) {
      Files.createFile(Files.createDirectories(self.resolve("fd")).resolve(descriptor));
    }
    return proc;
  }
}
