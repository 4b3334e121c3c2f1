package io.pycached.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.fuzz.Target;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Each line of a journal is an entry, which is written as it is read, or is told of. */
public final class JournalTarget implements Target {
  private static final String NAME = ".state";

  private final Path prefix;
  private final Path newest;

  public JournalTarget() {
    FileSystem files =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .build());
    prefix = files.getPath("/p");
    newest = prefix.resolve(NAME).resolve("events.jsonl");
  }

  @Override
  public String outcome(byte[] input) throws IOException {
    Files.createDirectories(newest.getParent());
    Files.write(newest, input);
    Read read = Read.of(prefix, NAME);
    String text = new String(input, UTF_8);
    String[] parts = text.split("\n", -1);
    long lines = Stream.of(parts).filter(line -> !line.isEmpty()).count();
    assertThat(read.entries().size() + read.unreadable().size()).isLessThanOrEqualTo((int) lines);
    for (String line : parts) {
      Optional<Entry> entry = EntryJson.decode(FileSystems.getDefault(), line);
      if (entry.isPresent()) {
        String again = new String(EntryJson.encode(entry.get()), UTF_8).stripTrailing();
        Optional<Entry> twice = EntryJson.decode(FileSystems.getDefault(), again);
        assertThat(twice).isPresent();
        assertThat(new String(EntryJson.encode(twice.get()), UTF_8)).isEqualTo(again + "\n");
      }
    }
    return "entries %s, unreadable %s"
        .formatted(
            read.entries().stream().map(JournalTarget::kind).distinct().sorted().toList(),
            read.unreadable().stream().map(Target::kind).distinct().sorted().toList());
  }

  private static String kind(Entry entry) {
    return entry instanceof Event event
        ? event.action().label() + (event.source().isPresent() ? " of source" : "")
        : "lost";
  }

  @Override
  public List<byte[]> seeds() {
    String head = "{\"schema\":1,\"at\":\"2026-01-02T03:04:05.6Z\",\"action\":\"";
    return Stream.concat(
            Stream.of(Event.Action.values())
                .map(
                    action ->
                        head
                            + action.label()
                            + "\",\"path\":\"/p/a.pyc\",\"source\":\"/a.py\",\"project\":\"shop\","
                            + "\"reason\":\"mtime\",\"bytes\":1234,\"evidence\":\"\"}\n"),
            Stream.of(
                head + "lost\",\"events\":17}\n",
                head
                    + "delete\",\"path\":\"/\\\\xff\",\"path_base64\":\"L/8=\",\"source\":null,"
                    + "\"project\":\"\",\"reason\":\"\",\"bytes\":0,\"evidence\":\"\\u0000\"}\n{"))
        .map(line -> line.getBytes(ISO_8859_1))
        .toList();
  }
}
