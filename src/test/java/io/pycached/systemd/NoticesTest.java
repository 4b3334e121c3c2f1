package io.pycached.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NoticesTest {
  private final FakeService service = new FakeService();
  private final Notices watched = new Notices(Optional.of(Duration.ofSeconds(30)));
  private final Notices unwatched = new Notices(Optional.empty());
  private long now = -12_345;

  private List<String> after(Notices notices, Duration time) {
    now += time.toNanos();
    return notices.due(service, now);
  }

  private List<String> first(Notices notices) {
    return after(notices, Duration.ZERO);
  }

  @Test
  void due_starting_asksForTimeAndIsNotReady() {
    assertThat(first(watched))
        .containsExactly("STATUS=starting", "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=30000000");
    assertThat(first(unwatched)).containsExactly("STATUS=starting", "EXTEND_TIMEOUT_USEC=60000000");
  }

  @Test
  void due_becomesReady_isToldAtOnceAndOnce() {
    first(watched);
    service.ready = true;
    service.line = "ready: 1 project";
    assertThat(after(watched, Duration.ofMillis(1)))
        .containsExactly("READY=1", "STATUS=ready: 1 project", "WATCHDOG=1");
    assertThat(after(watched, Duration.ofMillis(100))).isEmpty();
  }

  @Test
  void due_getsOn_isToldAtHalfOfTheTime() {
    service.ready = true;
    first(watched);
    assertThat(after(watched, Duration.ofMillis(14_999))).isEmpty();
    assertThat(after(watched, Duration.ofMillis(1)))
        .containsExactly("READY=1", "STATUS=starting", "WATCHDOG=1");
    assertThat(after(watched, Duration.ofSeconds(7))).isEmpty();
  }

  @Test
  void due_stepThatTakesLessThanHalfOfTheTime_isGettingOn() {
    service.ready = true;
    first(watched);
    service.silence = Duration.ofMillis(14_999);
    assertThat(after(watched, Duration.ofSeconds(15))).contains("WATCHDOG=1");
  }

  @Test
  void due_silentForHalfOfTheTime_isNotToldToGetOnUntilItDoes() {
    service.ready = true;
    first(watched);
    for (Duration silence : List.of(Duration.ofSeconds(15), ChronoUnit.FOREVER.getDuration())) {
      service.silence = silence;
      assertThat(watched.isStalled(service)).isTrue();
      assertThat(after(watched, Duration.ofSeconds(15))).isEmpty();
    }
    service.line = "another";
    assertThat(after(watched, Duration.ofSeconds(15))).containsExactly("READY=1", "STATUS=another");
    service.silence = Duration.ZERO;
    assertThat(after(watched, Duration.ofMillis(1))).contains("WATCHDOG=1");
  }

  @Test
  void due_silentStart_asksForNoMoreTime() {
    first(watched);
    service.silence = Duration.ofSeconds(15);
    assertThat(after(watched, Duration.ofSeconds(15))).isEmpty();
    service.silence = Duration.ofSeconds(14);
    assertThat(after(watched, Duration.ofSeconds(15))).contains("EXTEND_TIMEOUT_USEC=30000000");
  }

  @Test
  void due_otherLine_isToldAfterAFewSeconds() {
    service.ready = true;
    first(unwatched);
    service.line = "one more";
    assertThat(after(unwatched, Duration.ofMillis(4_999))).isEmpty();
    assertThat(after(unwatched, Duration.ofMillis(1)))
        .containsExactly("READY=1", "STATUS=one more");
    assertThat(after(unwatched, Duration.ofDays(1))).isEmpty();
  }

  @Test
  void due_lineOfTwoLines_isOne() {
    service.line = "ready\nREADY=1";
    assertThat(first(unwatched)).contains("STATUS=ready READY=1").doesNotContain("READY=1");
  }

  @Test
  void due_forgotten_isToldAnew() {
    service.ready = true;
    first(watched);
    watched.forget();
    assertThat(first(watched)).containsExactly("READY=1", "STATUS=starting", "WATCHDOG=1");
  }

  @Test
  void interval_leavesRoomWithinTheTime() {
    assertThat(watched.interval(true)).isEqualTo(Duration.ofSeconds(5));
    assertThat(watched.interval(false)).isEqualTo(Duration.ofMillis(100));
    Notices close = new Notices(Optional.of(Duration.ofSeconds(2)));
    assertThat(close.interval(true)).isEqualTo(Duration.ofMillis(500));
  }
}
