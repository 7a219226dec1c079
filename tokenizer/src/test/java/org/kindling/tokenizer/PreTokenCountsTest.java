package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PreTokenCountsTest {

  private static Map<String, Long> asMap(PreTokenCounts counts) {
    Map<String, Long> map = new TreeMap<>();
    counts.forEach(
        (bytes, from, to, count) ->
            map.put(new String(bytes, from, to - from, StandardCharsets.UTF_8), count));
    assertThat(map).hasSize(counts.size());
    return map;
  }

  private static PreTokenCounts ofLines(String text) {
    PreTokenCounts counts = new PreTokenCounts();
    counts.addLines(text, PreTokenPattern.GPT2);
    return counts;
  }

  @Test
  void cutsEachLineByItself() {
    assertThat(asMap(ofLines("to be\n\n to be")))
        .isEqualTo(Map.of("to", 1L, " be", 2L, "\n", 2L, " to", 1L));
  }

  @Test
  void countsWhatIsNotAscii() {
    assertThat(asMap(ofLines("né 𝒜𝒜 né"))).isEqualTo(Map.of("né", 1L, " né", 1L, " 𝒜𝒜", 1L));
  }

  @Test
  void holdsManyDistinctPreTokens() {
    PreTokenCounts counts = new PreTokenCounts();
    Map<String, Long> expected = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      String word = "w" + i % 60_000;
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      counts.add(bytes, 0, bytes.length, i);
      expected.merge(word, (long) i, Long::sum);
    }

    assertThat(asMap(counts)).isEqualTo(expected);
  }

  @Property(tries = 100, seed = "100")
  void mergingCountsIsCountingBoth(
      @ForAll @StringLength(max = 200) @CharRange(from = ' ', to = 'e') String first,
      @ForAll @StringLength(max = 200) @CharRange(from = ' ', to = 'e') String second) {
    PreTokenCounts merged = ofLines(first + "\n");
    merged.merge(ofLines(second));

    assertThat(asMap(merged)).isEqualTo(asMap(ofLines(first + "\n" + second)));
  }

  @Property(tries = 100, seed = "100")
  void partsHaveAllCountsAndShareNoPreToken(
      @ForAll @StringLength(max = 300) @CharRange(from = ' ', to = 'z') String text,
      @ForAll @IntRange(min = 1, max = 7) int parts) {
    Map<String, Long> joined = new TreeMap<>();
    for (PreTokenCounts part : ofLines(text).split(parts)) {
      asMap(part).forEach((word, count) -> assertThat(joined.put(word, count)).isNull());
    }

    assertThat(joined).isEqualTo(asMap(ofLines(text)));
  }

  @Test
  void aPreTokenGoesToTheSamePartFromEachText() {
    PreTokenCounts[] some = ofLines("one two three four five six").split(4);
    PreTokenCounts[] others = ofLines("x six five four three two").split(4);

    for (String word : List.of(" two", " three", " four", " five", " six")) {
      assertThat(partOf(word, some)).isEqualTo(partOf(word, others)).isNotNegative();
    }
  }

  private static int partOf(String word, PreTokenCounts[] parts) {
    for (int part = 0; part < parts.length; part++) {
      if (asMap(parts[part]).containsKey(word)) {
        return part;
      }
    }
    return -1;
  }

  @Test
  void crossesTheWire() throws IOException, ClassNotFoundException {
    PreTokenCounts counts = ofLines("to be or not to be");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(counts);
    }
    PreTokenCounts arrived;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      arrived = (PreTokenCounts) in.readObject();
    }

    arrived.merge(counts); // finds what is there, and can grow
    arrived.addLines(" and more", PreTokenPattern.GPT2);
    assertThat(asMap(arrived))
        .containsEntry(" be", 4L)
        .containsEntry(" more", 1L)
        .containsEntry("to", 2L);
  }
}
