package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExaminationTest {
  /** A check that cannot look. */
  private record Blind(IOException failure) implements Check {
    @Override
    public String name() {
      return "blind";
    }

    @Override
    public List<Diagnosis> look() throws IOException {
      throw failure;
    }
  }

  @Test
  void of_checkThatCannotLook_isUnknownAndTheOthersAreMade() {
    Examination examination =
        Examination.of(
            List.of(new Blind(new AccessDeniedException("/proc")), new LocaleCheck("UTF-8")));
    assertThat(examination.diagnoses())
        .extracting(Diagnosis::found)
        .containsExactly("cannot be looked at: /proc: permission denied", "file names are UTF-8");
    assertThat(examination.isAmiss()).isFalse();
  }

  @Test
  void isAmiss_oneWarning_isEnough() {
    assertThat(Examination.of(List.of(new LocaleCheck("ANSI_X3.4-1968"))).isAmiss()).isTrue();
  }
}
