package io.pycached.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpositionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PROMETHEUS | ''",
        "PROMETHEUS | */*",
        "PROMETHEUS | text/plain",
        "PROMETHEUS | application/openmetrics-text;q=0",
        "PROMETHEUS | application/openmetrics-text;q=many",
        "PROMETHEUS | application/openmetrics-text;q=0.2, text/plain;version=0.0.4;q=0.3",
        "PROMETHEUS | application/vnd.google.protobuf;encoding=delimited;q=0.7, */*;q=0.1",
        "OPEN_METRICS | application/openmetrics-text",
        "OPEN_METRICS | Application/OpenMetrics-Text; version=1.0.0",
        "OPEN_METRICS | text/plain;q=0.5, application/openmetrics-text;version=1.0.0 ; q=0.5",
        // What Prometheus 3 sends.
        "OPEN_METRICS | application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            + "application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
            + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
      })
  void of_accept_isWhatTheClientPrefers(Exposition expected, String accept) {
    assertThat(Exposition.of(accept)).isEqualTo(expected);
  }
}
