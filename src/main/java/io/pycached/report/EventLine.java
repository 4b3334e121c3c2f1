package io.pycached.report;

import io.pycached.journal.Entry;
import io.pycached.journal.Event;
import io.pycached.journal.Lost;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How an entry of the journal reads for people. */
public final class EventLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private EventLine() {}

  /**
   * {@return {@code entry} in a line, without its end}
   *
   * @param zone in which the time is told
   */
  public static String of(Entry entry, ZoneId zone) {
    String time = TIME.format(entry.at().atZone(zone));
    if (entry instanceof Lost lost) {
      return "%s  %-7s  %s, for which there was no room"
          .formatted(time, "lost", Text.count(lost.events(), "event", "events"));
    }
    Event event = (Event) entry;
    String evidence = event.evidence().isEmpty() ? "" : "  " + Text.printable(event.evidence());
    return "%s  %-7s  %-14s  %s%s"
        .formatted(
            time,
            event.action().label(),
            Text.printable(event.reason()),
            Text.path(event.path()),
            evidence);
  }
}
