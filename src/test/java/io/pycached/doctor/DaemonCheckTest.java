package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.doctor.DaemonCheck.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DaemonCheckTest {
  private static final Path PREFIX = Path.of("/p");

  private static List<Diagnosis> look(Answer answer) throws IOException {
    return new DaemonCheck(PREFIX, "1.2", "pycached run", () -> answer).look();
  }

  @Test
  void look_readyDaemonOfThisVersion_isFine() throws IOException {
    assertThat(look(new Answer.Status("1.2", "ready", "/p", List.of())))
        .extracting(Diagnosis::found)
        .containsExactly("it answers, and is ready");
  }

  @Test
  void look_otherVersionOtherPrefixAndProblems_areToldOneByOne() throws IOException {
    assertThat(look(new Answer.Status("1.1", "degraded", "/q", List.of("disk: full"))))
        .extracting(Diagnosis::found)
        .containsExactly(
            "it is version 1.1, this is 1.2",
            "it looks after another prefix, /q",
            "it reports disk: full");
  }

  @Test
  void look_silence_offersToStartOne() throws IOException {
    assertThat(look(new Answer.Silence("no such file")))
        .singleElement()
        .satisfies(
            diagnosis -> {
              assertThat(diagnosis.severity()).isEqualTo(Severity.WARNING);
              assertThat(diagnosis.mend()).hasValue("pycached run");
            });
  }

  @Test
  void look_refused_isUnknown() throws IOException {
    assertThat(look(new Answer.Refusal("not in the group")))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.UNKNOWN);
  }
}
