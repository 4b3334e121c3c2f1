package io.pycached.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.audit.FlawLedger.Standing;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FlawLedgerTest {
  private final Path prefix = Jimfs.newFileSystem(Configuration.unix()).getPath("/p");
  private final SetClock clock = new SetClock();
  private final Instant start = clock.instant();
  private final FlawLedger ledger = new FlawLedger(clock);

  private Path mirror(String name) throws IOException {
    return Files.createDirectories(prefix.resolve(name));
  }

  private static Flaw flaw(Path mirror, String name, FlawKind kind) {
    return new Flaw(mirror.resolve(name), kind, "of " + name);
  }

  @Test
  void put_severalMirrors_countsByKindAndNamesTheFirst() throws IOException {
    Path b = mirror("b");
    Path a = mirror("a");
    ledger.put(b, List.of(flaw(b, "x", FlawKind.HARD_LINK), flaw(b, "y", FlawKind.SYMLINK)));
    clock.advance(Duration.ofSeconds(5));
    ledger.put(a, List.of(flaw(a, "m", FlawKind.HARD_LINK), flaw(a, "n", FlawKind.HARD_LINK)));
    assertThat(ledger.standing())
        .containsExactly(
            new Standing(FlawKind.SYMLINK, 1, flaw(b, "y", FlawKind.SYMLINK), start),
            new Standing(FlawKind.HARD_LINK, 3, flaw(a, "m", FlawKind.HARD_LINK), start));
  }

  @Test
  void put_mirrorFoundCleanLater_isForgottenWithItsTime() throws IOException {
    Path a = mirror("a");
    ledger.put(a, List.of(flaw(a, "x", FlawKind.SYMLINK)));
    ledger.put(a, List.of());
    assertThat(ledger.standing()).isEmpty();
    clock.advance(Duration.ofSeconds(7));
    ledger.put(a, List.of(flaw(a, "x", FlawKind.SYMLINK)));
    assertThat(ledger.standing()).extracting(Standing::since).containsExactly(start.plusSeconds(7));
  }

  @Test
  void standing_mirrorIsNoMore_isForgotten() throws IOException {
    Path a = mirror("a");
    ledger.put(a, List.of(flaw(a, "x", FlawKind.SYMLINK)));
    Files.delete(a);
    assertThat(ledger.standing()).isEmpty();
  }

  @Test
  void put_moreMirrorsThanTheBound_remembersThatMany() throws IOException {
    for (int i = 0; i < FlawLedger.MAX_MIRRORS + 3; i++) {
      Path mirror = mirror("d" + i);
      ledger.put(mirror, List.of(flaw(mirror, "x", FlawKind.SYMLINK)));
    }
    assertThat(ledger.standing())
        .extracting(Standing::count)
        .containsExactly((long) FlawLedger.MAX_MIRRORS);
  }
}
