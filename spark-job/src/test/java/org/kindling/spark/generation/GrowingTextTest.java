package org.kindling.spark.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrowingTextTest {

  @Test
  void whatMayBeginAStopStringWaits() {
    GrowingText text = new GrowingText(List.of("END"));

    assertThat(text.add("to E")).isEqualTo("to ");
    assertThat(text.add("N")).isEmpty();
    assertThat(text.add("GLAND")).isEqualTo("ENGLAND");
    assertThat(text.add("EN")).isEmpty();
    assertThat(text.stopped()).isFalse();
    assertThat(text.end()).isEqualTo("EN");
  }

  @Test
  void nothingComesBehindAStopString() {
    GrowingText text = new GrowingText(List.of("\n\n", "."));

    assertThat(text.add("one\n")).isEqualTo("one");
    assertThat(text.add("two\n\nthree. four")).isEqualTo("\ntwo");
    assertThat(text.stopped()).isTrue();
    assertThat(text.add("five")).isEmpty();
    assertThat(text.end()).isEmpty();
  }

  @Test
  void theLongestOfStopStringsThatEndTogether() {
    assertThat(new GrowingText(List.of("d", "nd", "and")).add("salt and pepper"))
        .isEqualTo("salt ");
  }

  @Test
  void aStopStringThatIsCompleteFirstWins() {
    assertThat(new GrowingText(List.of("xyz", "y")).add("vwxyz")).isEqualTo("vwx");
  }

  /** However a text is cut, against the plain definition. */
  @Test
  void thePiecesDoNotMatter() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      String all = letters(random, random.nextInt(12));
      List<String> stops =
          random.ints(1 + random.nextInt(3), 1, 4).mapToObj(n -> letters(random, n)).toList();
      GrowingText text = new GrowingText(stops);
      StringBuilder out = new StringBuilder();
      for (int from = 0, to; from < all.length(); from = to) {
        to = from + 1 + random.nextInt(all.length() - from);
        out.append(text.add(all.substring(from, to)));
      }
      out.append(text.end());

      assertThat(out.toString()).as("%s in %s", stops, all).isEqualTo(expected(all, stops));
      assertThat(text.stopped()).isEqualTo(stops.stream().anyMatch(all::contains));
    }
  }

  private static String expected(String all, List<String> stops) {
    for (int end = 1; end <= all.length(); end++) {
      String seen = all.substring(0, end);
      int longest = stops.stream().filter(seen::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return seen.substring(0, end - longest);
      }
    }
    return all;
  }

  private static String letters(Random random, int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append((char) ('a' + random.nextInt(2)));
    }
    return letters.toString();
  }
}
