package io.pycached.fuzz;

import io.pycached.admin.ParametersTarget;
import io.pycached.config.SettingsTarget;
import io.pycached.journal.JournalTarget;
import io.pycached.layout.MirrorNameTarget;
import io.pycached.pyc.MarshalTarget;
import io.pycached.pyc.PycHeaderTarget;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Something that reads bytes which anybody may have written. */
public interface Target {
  /** The bound on an input, in bytes. */
  int MAX_BYTES = 2_000;

  /** Every target, by name. */
  Map<String, Target> ALL =
      Map.of(
          "header", new PycHeaderTarget(),
          "marshal", new MarshalTarget(),
          "mirror-name", new MirrorNameTarget(),
          "settings", new SettingsTarget(),
          "parameters", new ParametersTarget(),
          "journal", new JournalTarget());

  /**
   * {@return which of the documented results came of an input, in words without its details}
   *
   * <p>An input of more than {@link #MAX_BYTES} need not be tried.
   *
   * @throws Exception if anything else came of it: a defect
   */
  String outcome(byte[] input) throws Exception;

  /** {@return inputs to begin with} */
  List<byte[]> seeds() throws Exception;

  /** {@return a message without what varies: numbers and quoted text} */
  static String kind(String message) {
    return Details.PATTERN.matcher(message).replaceAll("#");
  }

  /** What varies. */
  final class Details {
    private static final Pattern PATTERN =
        Pattern.compile("0x[0-9a-f]+|[0-9a-f]{8}|[0-9]+|'[^']*'|\"[^\"]*\"");

    private Details() {}
  }
}
