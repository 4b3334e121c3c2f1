package io.pycached.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ProcessMetersTest {
  private static Map<String, Double> registered(Path proc) {
    MeterRegistry registry = new SimpleMeterRegistry();
    new ProcessMeters(registry, proc).register();
    Map<String, Double> values = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      values.put(meter.getId().getName(), meter.measure().iterator().next().getValue());
    }
    return values;
  }

  @Test
  void register_procMounted_readsEveryFigure() throws IOException {
    assertThat(registered(Proc.mounted()))
        .isEqualTo(
            Map.of(
                "process_cpu_seconds_total", 2.25,
                "process_start_time_seconds", 1_700_000_123.45,
                "process_resident_memory_bytes", 2_097_152.0,
                "process_threads", 17.0,
                "process_open_fds", 4.0,
                "process_max_fds", 1024.0));
  }

  @Test
  void register_noProc_registersNothing() {
    assertThat(registered(Proc.empty())).isEmpty();
  }

  @Test
  void register_machineFilesHidden_leavesOutTheStart() throws IOException {
    Path proc = Proc.mounted();
    Files.delete(proc.resolve("stat"));
    assertThat(registered(proc))
        .hasSize(5)
        .doesNotContainKey("process_start_time_seconds")
        .containsEntry("process_cpu_seconds_total", 2.25);
  }

  @Test
  void register_notNumbers_leavesThemOut() throws IOException {
    Path proc = Proc.mounted();
    Files.writeString(
        proc.resolve("self/limits"), "Max open files   unlimited   unlimited  files\n");
    Files.writeString(proc.resolve("self/stat"), "4711 (java) S 1\n");
    Files.writeString(proc.resolve("self/status"), "VmRSS:\n");
    assertThat(registered(proc)).containsOnlyKeys("process_open_fds");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void register_thisProcess_agreesWithTheVirtualMachine() {
    ProcessHandle.Info process = ProcessHandle.current().info();
    double started = process.startInstant().orElseThrow().toEpochMilli() / 1000.0;
    double cpuBefore = seconds(process.totalCpuDuration().orElseThrow());

    Map<String, Double> values = registered(Path.of("/proc"));

    assertThat(values.get("process_start_time_seconds")).isCloseTo(started, Offset.offset(1.0));
    assertThat(values.get("process_start_time_seconds"))
        .isLessThan(Instant.now().getEpochSecond() + 1.0);
    assertThat(values.get("process_cpu_seconds_total")).isBetween(cpuBefore, cpuBefore + 60);
    assertThat(values.get("process_open_fds")).isBetween(3.0, values.get("process_max_fds"));
    assertThat(values.get("process_threads")).isGreaterThanOrEqualTo(2);
    assertThat(values.get("process_resident_memory_bytes")).isGreaterThan(1 << 20);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
