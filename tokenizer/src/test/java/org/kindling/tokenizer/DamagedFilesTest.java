package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A file with some characters changed, missing or doubled is read or refused in one line. */
class DamagedFilesTest {
  private static final String JSON = SmallVocabulary.json();
  private static final String CHARACTERS =
      CharacterTokenizer.of(new int[] {'a', 'b', 'c'}, "<unk>").toJson();
  private static final String RANKS =
      RankFiles.R50K.lines().lines().limit(300).reduce("", (all, line) -> all + line + "\n");

  @Property(tries = 2000, seed = "2000")
  void aTokenizerJson(@ForAll long seed) {
    String damaged = damaged(seed % 2 == 0 ? JSON : CHARACTERS, seed);

    readOrRefused(() -> TokenizerFiles.tokenizerJson(damaged).encode("abc hello"));
  }

  @Property(tries = 1000, seed = "1000")
  void aRankFile(@ForAll long seed) {
    String damaged = damaged(RANKS, seed);

    readOrRefused(() -> TokenizerFiles.tiktoken(damaged, PreTokenPattern.GPT4, Map.of()));
  }

  private static String damaged(String file, long seed) {
    Random random = new Random(seed);
    StringBuilder damaged = new StringBuilder(file);
    for (int changes = 1 + random.nextInt(3); changes > 0 && damaged.length() > 0; changes--) {
      int at = random.nextInt(damaged.length());
      int end = Math.min(damaged.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(5)) {
        case 0 -> damaged.setCharAt(at, "\"{}[]:,09-\\ aZ\u0120\n".charAt(random.nextInt(16)));
        case 1 -> damaged.delete(at, end);
        case 2 -> damaged.insert(at, damaged.substring(at, end));
        case 3 -> damaged.setCharAt(at, (char) random.nextInt(0x10000));
        default -> damaged.setLength(at + 1);
      }
    }
    return damaged.toString();
  }

  private static void readOrRefused(ThrowingCallable reading) {
    Throwable refusal = catchThrowable(reading);

    if (refusal != null) {
      assertThat(refusal).isInstanceOf(TokenizerException.class);
      assertThat(refusal.getMessage()).hasSizeBetween(20, 600).doesNotContain("\n");
    }
  }
}
