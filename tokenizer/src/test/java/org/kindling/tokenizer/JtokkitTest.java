package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the rank files of OpenAI's models, our ids are those of jtokkit, whatever the text. */
class JtokkitTest {

  @Property(tries = 3000, seed = "3000")
  void nastyTextsGiveTheSameIds(@ForAll RankFiles file, @ForAll("nastyTexts") String text) {
    assertSame(file, text);
  }

  /** Halves of surrogate pairs among them. */
  @Provide
  Arbitrary<String> nastyTexts() {
    return NastyTexts.all();
  }

  @ParameterizedTest
  @EnumSource
  void everyCharacterGivesTheSameIdsAmongOthers(RankFiles file) {
    for (int from = 0; from < 0x20000; from += 512) {
      StringBuilder text = new StringBuilder();
      for (int codePoint = from; codePoint < from + 512; codePoint++) {
        if (Character.getType(codePoint) != Character.SURROGATE || codePoint % 16 == 0) {
          String c = Character.toString(codePoint);
          text.append("a%1$sB%1$s%1$s 1%1$s2 %1$s!%1$s'%1$ss '%1$s\n%1$s \t%1$s".formatted(c));
        }
      }
      assertSame(file, text.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void runsAndVeryLongWordsGiveTheSameIds(RankFiles file) {
    for (String part :
        List.of(
            "a",
            "A",
            "aA",
            "abc",
            " ",
            "\n",
            " \n",
            "\r\n",
            "\t",
            "!",
            "=",
            "/",
            "0",
            "'s",
            "\u00E9",
            "\u0301",
            "\u4E00",
            "\uD83D\uDE00",
            "\uD83D",
            "\uDE00",
            "\u3000",
            "\u200B")) {
      for (int count : new int[] {2, 3, 7, 8, 39, 40, 41, 127, 128, 129, 499, 501, 5000}) {
        assertSame(file, part.repeat(count));
        assertSame(file, "x" + part.repeat(count) + "y");
        assertSame(file, " " + part.repeat(count) + "\n \n.");
      }
    }
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      word.append((char) ('a' + i * i % 26)).append((char) ('a' + i * 7 % 11));
    }
    assertSame(file, word.toString());
  }

  @ParameterizedTest
  @EnumSource
  void realTextGivesTheSameIds(RankFiles file) throws IOException {
    for (Path path : texts()) {
      assertSame(file, Files.readString(path));
    }
  }

  /** This project's pages and sources, and the books of the folder {@code -Dkindling.data}. */
  private static List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>(List.of(Path.of("../LICENSE"), Path.of("../README.md")));
    addFiles(Path.of("src"), ".java", texts);
    String folder = System.getProperty("kindling.data");
    if (folder != null) {
      addFiles(Path.of(folder), ".txt", texts);
    }
    return texts;
  }

  private static void addFiles(Path folder, String ending, List<Path> to) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(file -> file.toString().endsWith(ending)).sorted().forEach(to::add);
    }
  }

  /** A difference is shown by the text around it: millions of ids say nothing. */
  private static void assertSame(RankFiles file, String text) {
    int[] ours = file.tokenizer().encode(text);
    int[] theirs = Jtokkit.encode(file, text);
    int at = Arrays.mismatch(ours, theirs);
    if (at >= 0) {
      int from = Math.max(0, at - 3);
      assertThat(shown(file, ours, from))
          .as("%s from token %d of a text of %d chars", file, from, text.length())
          .isEqualTo(shown(file, theirs, from));
      throw new AssertionError("the ids of %s differ from token %d on".formatted(file, at));
    }
  }

  private static List<String> shown(RankFiles file, int[] ids, int from) {
    List<String> tokens = new ArrayList<>();
    for (int i = from; i < Math.min(ids.length, from + 8); i++) {
      tokens.add(ids[i] + " " + file.tokenizer().decode(new int[] {ids[i]}));
    }
    return tokens;
  }
}
