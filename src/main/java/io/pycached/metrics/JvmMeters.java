package io.pycached.metrics;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;

/**
 * What the virtual machine counts, under the names of Prometheus' own Java client. Micrometer's
 * binders are not used: they listen for notifications and would have to be closed.
 */
final class JvmMeters {
  private JvmMeters() {}

  static void register(MeterRegistry registry) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    Gauge.builder("jvm_memory_used_bytes", () -> memory.getHeapMemoryUsage().getUsed())
        .description("Memory that the virtual machine uses, in bytes.")
        .tag("area", "heap")
        .register(registry);
    Gauge.builder("jvm_memory_used_bytes", () -> memory.getNonHeapMemoryUsage().getUsed())
        .description("Memory that the virtual machine uses, in bytes.")
        .tag("area", "nonheap")
        .register(registry);
    Gauge.builder("jvm_memory_max_bytes", () -> memory.getHeapMemoryUsage().getMax())
        .description("Memory that the virtual machine may use, in bytes.")
        .tag("area", "heap")
        .register(registry);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      // The platform keeps its collectors, so that Micrometer may hold them weakly.
      FunctionTimer.builder(
              "jvm_gc_collection_seconds",
              collector,
              GarbageCollectorMXBean::getCollectionCount,
              GarbageCollectorMXBean::getCollectionTime,
              TimeUnit.MILLISECONDS)
          .description("Garbage collections and the time spent in them.")
          .tag("gc", collector.getName())
          .register(registry);
    }
  }
}
