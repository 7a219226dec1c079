package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encoding takes time in proportion to the text, in the worst of cases too, and no memory. */
class EncodingCostTest {
  private static final int MEGABYTE = 1 << 20;

  private static final List<String> ENGLISH =
      List.of(
          " the",
          " of",
          " and",
          " government",
          " people",
          " tariff",
          " specie",
          ",",
          ".\n",
          " 1862",
          " Congress",
          " commissioners",
          " Guadalupe",
          " Hidalgo",
          " re-established",
          "'s",
          " a");

  /**
   * White space and punctuation have long tokens of their own; a capital after a mark looks back.
   */
  private static final List<String> LETTERS =
      List.of("a", "A", " ", "\n", "!", "0", "\u4E00", "\uD83D\uDE00", "aA", "\u0301A", " \n");

  /** Eight times the text: eight times the time, nearly; 64 times if it were quadratic. */
  @ParameterizedTest
  @EnumSource
  @Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
  void aMegabyteOfOneLetterTakesItsShareOfTime(PreTokenPattern pattern) {
    Tokenizer tokenizer = TokenizerFiles.tiktoken(RankFiles.CL100K.lines(), pattern, Map.of());

    for (String letter : LETTERS) {
      int most = letter.equals("a") ? MEGABYTE : MEGABYTE / 4;
      double small = seconds(tokenizer, letter.repeat(most / 8 / letter.length()), 5);
      double large = seconds(tokenizer, letter.repeat(most / letter.length()), 2);

      assertThat(large).as("%s: %s", pattern, letter).isLessThan(28 * small + 0.02);
    }
  }

  private static double seconds(Tokenizer tokenizer, String text, int rounds) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      int[] ids = tokenizer.encode(text);
      best = Math.min(best, System.nanoTime() - start);
      assertThat(ids).isNotEmpty();
    }
    return best * 1e-9;
  }

  @ParameterizedTest
  @EnumSource
  void encodingIntoABufferTakesNoMemory(RankFiles file) {
    Tokenizer tokenizer = file.tokenizer();
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    while (text.length() < 200_000) {
      text.append(ENGLISH.get(random.nextInt(ENGLISH.size())));
      if (random.nextInt(50) == 0) {
        text.append(' ').append(Integer.toString(random.nextInt(), 36)).append("\u00E9\u4E00");
      }
    }
    String english = text.toString();
    TokenBuffer ids = new TokenBuffer();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;

    for (int round = 0; round < 5; round++) { // arrays grow in the first
      ids.clear();
      long before = threads.getCurrentThreadAllocatedBytes();
      tokenizer.encode(english, ids);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertThat(ids.size()).isGreaterThan(30_000);
    assertThat(least).as("bytes for %d tokens", ids.size()).isLessThan(1000);
  }
}
