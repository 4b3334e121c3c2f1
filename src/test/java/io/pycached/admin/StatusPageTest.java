package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StatusPageTest {
  @Test
  void of_styleAndScript_admitsTheirDigests() {
    StatusPage page = StatusPage.of("<style>a{}</style><script>b()</script>");
    // printf %s 'a{}' | openssl dgst -sha256 -binary | base64
    assertThat(page.policy())
        .startsWith("default-src 'none';")
        .contains("style-src 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='")
        .contains("script-src 'sha256-cf242PFc/kb7xD0Qzhsmd9vvRkc+cWFmbi+k+YvtdKc='");
  }

  @Test
  void load_thePage_holdsNothingThatThePolicyWouldBlock() throws Exception {
    StatusPage page = StatusPage.load();
    assertThat(page.html())
        .containsOnlyOnce("<style>")
        .containsOnlyOnce("<script>")
        .doesNotContain("innerHTML", "style=", "onclick=", "src=", "http:", "https:");
    assertThat(page.policy()).doesNotContain("unsafe");
  }
}
