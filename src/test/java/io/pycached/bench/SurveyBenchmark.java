package io.pycached.bench;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.pyc.SourceMtime;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Fingerprint;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One directory pair: a survey in full, and the fingerprint that spares it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SurveyBenchmark {
  @Param({"10", "100"})
  int files;

  private final Surveyor surveyor =
      new Surveyor(new SourceHashes(1), BodyCheck.NEVER, InstantSource.system());
  private Path top = Path.of("");
  private DirectoryPair pair = new DirectoryPair(top, top, top);
  private Fingerprint fingerprint = new Fingerprint(0, "");

  /** Writes the pair: sources, and bytecode with headers that fit them. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    top = Files.createTempDirectory("pycached-survey");
    Path sources = Files.createDirectory(top.resolve("sources"));
    Path mirror = Files.createDirectory(top.resolve("mirror"));
    pair = new DirectoryPair(sources, sources, mirror);
    FileTime mtime = FileTime.from(Instant.ofEpochSecond(1_700_000_000));
    for (int i = 0; i < files; i++) {
      Path source = Files.writeString(sources.resolve("module_" + i + ".py"), "x = " + i + "\n");
      Files.setLastModifiedTime(source, mtime);
      Invalidation stamp =
          new Invalidation.Timestamp(SourceMtime.mtime32(mtime), (int) Files.size(source));
      byte[] header = PycHeader.of(Magics.find(3531).orElseThrow(), stamp).encode();
      byte[] bytecode = Arrays.copyOf(header, header.length + 100);
      Files.write(mirror.resolve("module_" + i + ".cpython-312.pyc"), bytecode);
    }
    Files.setLastModifiedTime(sources, mtime);
    Files.setLastModifiedTime(mirror, mtime);
    fingerprint = survey().fingerprint().orElseThrow();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    try (Stream<Path> paths = Files.walk(top)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Benchmark
  public Survey survey() throws IOException {
    try (Directory mirror = Directory.openFollowing(pair.mirror())) {
      SourceSide source = SourceSide.ofRoot(pair.visible());
      return surveyor.survey(pair, source, Optional.of(mirror), Optional.empty());
    }
  }

  @Benchmark
  public boolean fingerprint() throws IOException {
    SourceSide source = SourceSide.ofRoot(pair.visible());
    return fingerprint.fits(source, Optional.of(FileStamp.of(pair.mirror())));
  }
}
