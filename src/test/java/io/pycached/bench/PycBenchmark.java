package io.pycached.bench;

import io.pycached.layout.MirrorName;
import io.pycached.pyc.Body;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import io.pycached.pyc.MalformedPycException;
import io.pycached.pyc.MarshalCheck;
import io.pycached.pyc.PycHeader;
import io.pycached.pyc.SourceHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a survey spends on one file apart from system calls. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PycBenchmark {
  private static final int SOURCE_BYTES = 64 << 10;
  private static final int TUPLE_ITEMS = 10_000;

  private final Magic magic = Magics.find(3531).orElseThrow();
  private final ByteBuffer header =
      ByteBuffer.wrap(PycHeader.of(magic, new Invalidation.Timestamp(1_714_152_897, 32)).encode());
  private final byte[] source = new byte[SOURCE_BYTES];
  private final ByteBuffer body = tuple();

  public PycBenchmark() {
    new Random(1).nextBytes(source);
  }

  /** A tuple of small integers: not code, but every item is walked. */
  private static ByteBuffer tuple() {
    ByteBuffer bytes = ByteBuffer.allocate(5 + 5 * TUPLE_ITEMS).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) '(').putInt(TUPLE_ITEMS);
    for (int item = 0; item < TUPLE_ITEMS; item++) {
      bytes.put((byte) 'i').putInt(item);
    }
    return bytes.flip();
  }

  @Benchmark
  public PycHeader header_parse() throws MalformedPycException {
    return PycHeader.parse(header);
  }

  @Benchmark
  public MirrorName mirrorName_parse() {
    return MirrorName.parse("some_module.cpython-312.opt-1.pyc");
  }

  @Benchmark
  public long sourceHash_of64KiB() {
    return SourceHash.of(magic, source);
  }

  @Benchmark
  public Body marshalCheck_of10000Objects() {
    return MarshalCheck.check(body, magic);
  }
}
