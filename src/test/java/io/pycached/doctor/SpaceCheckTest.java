package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpaceCheckTest {
  private static final long MIB = 1 << 20;

  @TempDir Path top;

  /** A disk of as many MiB, and as many inodes left. */
  private record Disk(long free, long total, OptionalLong freeInodes) implements SpaceCheck.Room {
    @Override
    public long freeBytes(Path path) {
      return free * MIB;
    }

    @Override
    public long totalBytes(Path path) {
      return total * MIB;
    }

    @Override
    public OptionalLong freeInodes(Path path) {
      return freeInodes;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5000, 10000, 1000000, OK",
    "200, 10000, 1000000, WARNING",
    "99, 150, 1000000, WARNING",
    "0, 10000, 1000000, PROBLEM",
    "5000, 10000, 9999, OK WARNING",
    "5000, 10000, 0, OK PROBLEM",
    "5000, 10000, , OK",
  })
  void look_room_isJudged(long free, long total, Long inodes, String severities)
      throws IOException {
    OptionalLong left = inodes == null ? OptionalLong.empty() : OptionalLong.of(inodes);
    SpaceCheck check = new SpaceCheck(top.resolve("not/yet"), new Disk(free, total, left));
    List<Severity> expected =
        Arrays.stream(severities.split(" ", -1)).map(Severity::valueOf).toList();
    assertThat(check.look()).extracting(Diagnosis::severity).isEqualTo(expected);
  }

  @Test
  void look_little_offersToLookAndPrune() throws IOException {
    SpaceCheck check = new SpaceCheck(top, new Disk(50, 100, OptionalLong.empty()));
    assertThat(check.look().get(0).mend()).hasValue("df -h -- " + top + " && pycached prune");
  }
}
