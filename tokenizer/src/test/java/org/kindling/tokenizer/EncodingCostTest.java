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

  /** A second or two; were it quadratic, one letter would take an hour. */
  @ParameterizedTest
  @EnumSource
  @Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
  void aMegabyteOfOneLetterIsSoonDone(PreTokenPattern pattern) {
    Tokenizer tokenizer = TokenizerFiles.tiktoken(RankFiles.CL100K.lines(), pattern, Map.of());

    for (String letter : LETTERS) {
      String text = letter.repeat((letter.equals("a") ? MEGABYTE : MEGABYTE / 4) / letter.length());
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @EnumSource
  void encodingIntoABufferTakesNoMemory(RankFiles file) {
    Random random = new Random(3);
    StringBuilder english = new StringBuilder();
    while (english.length() < 3_000_000) {
      english.append(ENGLISH.get(random.nextInt(ENGLISH.size())));
      if (random.nextInt(50) == 0) {
        english.append(' ').append(Integer.toString(random.nextInt(), 36)).append("\u00E9");
      }
    }
    StringBuilder chinese = new StringBuilder();
    while (chinese.length() < 50_000) {
      for (int length = 2 + random.nextInt(40); length > 0; length--) {
        chinese.append((char) (0x4E00 + random.nextInt(5000)));
      }
      chinese.append(random.nextBoolean() ? "\u3002\n" : "\uFF0C");
    }

    assertThat(allocated(file.tokenizer(), english.toString())).as("English").isLessThan(1000);
    assertThat(allocated(file.tokenizer(), chinese.toString())).as("Chinese").isLessThan(1000);
  }

  /** Bytes for a whole text, at the least of some rounds: in the first one, arrays grow. */
  private static long allocated(Tokenizer tokenizer, String text) {
    TokenBuffer ids = new TokenBuffer();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      ids.clear();
      long before = threads.getCurrentThreadAllocatedBytes();
      tokenizer.encode(text, ids);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(ids.size()).isGreaterThan(30_000);
    return least;
  }
}
