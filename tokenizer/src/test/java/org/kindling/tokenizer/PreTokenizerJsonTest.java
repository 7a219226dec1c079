package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PreTokenizerJsonTest {

  @ParameterizedTest
  @EnumSource
  void aPatternIsReadBack(PreTokenPattern pattern) {
    assertThat(PreTokenizerJson.read(PreTokenizerJson.write(pattern))).isEqualTo(pattern);
  }

  @Test
  void everyPatternHasItsOwnSpellings() {
    assertThat(PreTokenizerJson.spellings()).hasSize(8).containsValues(PreTokenPattern.values());
  }

  /** A file's expression is known by its spelling, so all spellings must cut alike. */
  @Property(tries = 300, seed = "300")
  void everySpellingCutsAsItsPatternDoes(@ForAll("cuttingText") String text) {
    for (Map.Entry<String, PreTokenPattern> spelling : PreTokenizerJson.spellings().entrySet()) {
      assertThat(cut(text, spelling.getKey()))
          .as(spelling.getKey())
          .isEqualTo(cut(text, spelling.getValue().regex()));
    }
  }

  @Provide
  Arbitrary<String> cuttingText() {
    return Arbitraries.strings()
        .withChars(
            "  \n\r\t\u00A0'''sdtmlvreSDTMLVRE\u017Fxyz0123!/_\u00E9\u0301\u01C5\u02B0\u4E00")
        .ofMaxLength(40);
  }

  private static List<String> cut(String text, String regex) {
    int flags = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE;
    Matcher matcher = Pattern.compile(regex, flags).matcher(text);
    List<String> pieces = new ArrayList<>();
    while (matcher.find()) {
      pieces.add(matcher.group());
    }
    assertThat(String.join("", pieces)).isEqualTo(text);
    return pieces;
  }
}
