package org.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The built-in text, which the build makes from marked-up plays. */
class PlaysTest {

  @Test
  void threePlaysArePlainTextInTheMannerOfTinyshakespeare() throws IOException {
    String text;
    try (InputStream resource = PlaysTest.class.getResourceAsStream("plays.txt")) {
      text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(text)
        .startsWith("The Tragedy of Hamlet, Prince of Denmark\n\nACT I\n\nSCENE I. ")
        .contains("\n\nBERNARDO:\nWho's there?\n\nFRANCISCO:\nNay, answer me")
        .contains("\n\nThe Tragedy of Macbeth\n\n", "\n\nThe Tragedy of Romeo and Juliet\n\n")
        .contains("\n\nROMEO:\n", "\n\nMARCELLUS AND BERNARDO:\n")
        .contains("\n[Aside] A little more than kin, and less than kind.\n")
        .doesNotContain("\n\n\n", "  ", "\t", "\r", "<", " \n");
    assertThat(text.codePoints().distinct().count()).isBetween(60L, 70L);
    assertThat(text.length()).isBetween(415_000, 425_000);
  }
}
