package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteCharactersTest {

  @Test
  void printableBytesStandForThemselvesAndTheOthersAreCountedFromU0100() {
    assertThat(ByteCharacters.of('!')).isEqualTo('!');
    assertThat(ByteCharacters.of('~')).isEqualTo('~');
    assertThat(ByteCharacters.of(0xFF)).isEqualTo('\u00FF');
    assertThat(ByteCharacters.of(0)).isEqualTo('\u0100');
    assertThat(ByteCharacters.of('\n')).isEqualTo('\u010A');
    assertThat(ByteCharacters.of(' ')).isEqualTo('\u0120');
    assertThat(ByteCharacters.of(0x7F)).isEqualTo('\u0121');
    assertThat(ByteCharacters.of(0xA0)).isEqualTo('\u0142');
    assertThat(ByteCharacters.of(0xAD)).isEqualTo('\u0143');
  }

  @Test
  void allBytesHaveStandInsOfTheirOwn() {
    String standIns =
        IntStream.range(0, 256)
            .mapToObj(value -> String.valueOf(ByteCharacters.of(value)))
            .collect(Collectors.joining());

    assertThat(standIns.chars().distinct()).hasSize(256);
    assertThat(standIns.chars().allMatch(c -> c > ' ' && c != 0x7F && c != 0xA0 && c != 0xAD))
        .isTrue();
    byte[] bytes = ByteCharacters.read(standIns);
    assertThat(bytes).hasSize(256);
    assertThat(ByteCharacters.write(bytes)).isEqualTo(standIns);
    assertThat(IntStream.range(0, 256).allMatch(value -> (bytes[value] & 0xFF) == value)).isTrue();
  }

  @Test
  void wordsLookAsInGpt2sFiles() {
    assertThat(ByteCharacters.write(" the\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("\u0120the\u010A");
    assertThat(ByteCharacters.write("\u20AC".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("\u00E2\u0124\u00AC");
  }

  @Test
  void aCharacterThatStandsForNoByteIsNotRead() {
    assertThat(ByteCharacters.read("a b")).isNull();
    assertThat(ByteCharacters.read("\u00AD")).isNull();
    assertThat(ByteCharacters.read("\u0144")).isNull();
    assertThat(ByteCharacters.read("\u2581the")).isNull();
    assertThat(ByteCharacters.read("")).isEmpty();
  }
}
