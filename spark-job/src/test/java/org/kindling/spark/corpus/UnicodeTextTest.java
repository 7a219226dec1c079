package org.kindling.spark.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnicodeTextTest {
  @Test
  void bytesThatAreNoUtf8AreNoText() {
    assertThat(UnicodeText.ofUtf8("né 𝄞".getBytes(UTF_8))).contains("né 𝄞");
    assertThat(UnicodeText.ofUtf8(new byte[] {'a', (byte) 0xE9})).isEmpty();
  }

  /** What Java decodes wrong bytes to is a character like others where it was written. */
  @Test
  void aReplacementCharacterIsText() {
    assertThat(UnicodeText.ofUtf8("\uFFFD".getBytes(UTF_8))).contains("\uFFFD");
  }

  @Test
  void halfASurrogatePairIsAFlaw() {
    assertThat(UnicodeText.flaw("𝄞 and 𝄞")).isEmpty();
    assertThat(UnicodeText.flaw("a\uD83Db"))
        .contains("half a surrogate pair, \\ud83d, which is no character");
    assertThat(UnicodeText.flaw("𝄞\uDC00"))
        .contains("half a surrogate pair, \\udc00, which is no character");
  }
}
