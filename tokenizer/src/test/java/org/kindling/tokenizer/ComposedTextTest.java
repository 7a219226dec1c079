package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Files with the normalizer NFC, as Qwen2's. */
class ComposedTextTest {
  private static final String JSON = nfc(SmallVocabulary.tokenizer(PreTokenPattern.QWEN2).toJson());

  private static final Tokenizer TELLING =
      Tokenizer.fromJson(
          nfc(CharacterClassesTest.tellingTokenizer(PreTokenPattern.QWEN2).toJson()));

  private final Tokenizer tokenizer = Tokenizer.fromJson(JSON);

  private static String nfc(String json) {
    return SmallVocabulary.edited(json, root -> root.putObject("normalizer").put("type", "NFC"));
  }

  @Test
  void textIsComposedBeforeItIsEncoded() {
    assertThat(tokenizer.encode("hello e\u0301"))
        .isEqualTo(tokenizer.encode("hello \u00E9"))
        .containsExactly(SmallVocabulary.HELLO, ' ', 0xC3, 0xA9);
    assertThat(tokenizer.decode(tokenizer.encode("e\u0301"))).isEqualTo("\u00E9");
  }

  @Test
  void aMarkAfterASpecialTokenDoesNotChangeIt() {
    assertThat(tokenizer.encodeWithSpecials("<|endoftext|>\u0338", Set.of("<|endoftext|>")))
        .containsExactly(SmallVocabulary.END_OF_TEXT, 0xCC, 0xB8);
  }

  @Test
  void itsFileSaysSoAndReadsBackTheSame() {
    String json = tokenizer.toJson();

    assertThat(json).contains("\"type\" : \"NFC\"");
    assertThat(Tokenizer.fromJson(json)).isEqualTo(tokenizer);
    assertThat(Tokenizer.fromJson(json).fingerprint()).isEqualTo(tokenizer.fingerprint());
  }

  @Test
  void theLibraryGivesTheSameIds() {
    Tokenizer ours =
        Tokenizer.fromJson(
            nfc(
                TokenizerFiles.tiktoken(
                        RankFiles.R50K.lines(),
                        PreTokenPattern.QWEN2,
                        RankFiles.R50K.specialTokens())
                    .toJson()));
    String special = "e\u0301<|endoftext|>\u0338 <|endoftext|><|endoftext|>e\u0301";

    try (HuggingFace theirs = HuggingFace.load(ours.toJson())) {
      assertThat(theirs.encode(special))
          .isEqualTo(ours.encodeWithSpecials(special, Set.of("<|endoftext|>")));
      for (String difficult : DifficultTexts.all()) {
        String text = withoutYoungMarks(difficult);
        assertThat(theirs.encode(text)).as(text).isEqualTo(ours.encode(text));
      }
    }
  }

  /** The library orders marks as Unicode 9 did; those here are older than it. */
  private static String withoutYoungMarks(String text) {
    int marks = (1 << Character.NON_SPACING_MARK) | (1 << Character.COMBINING_SPACING_MARK);
    return text.codePoints()
        .filter(
            c -> c < 0x7F0 || (marks >> Character.getType(c) & 1) == 0 || (c >= 0x900 && c < 0x980))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void itIsTheSameAfterItsWayToAnExecutor() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(tokenizer);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(tokenizer);
    }
  }

  @Property(tries = 2000, seed = "2000")
  void partsOfASafeCutGiveTheIdsOfTheWhole(@ForAll("composingText") String text) {
    Tokenizer tokenizer = TELLING;
    int[] codePoints = text.codePoints().toArray();
    int[] whole = tokenizer.encode(text);

    for (int cut = 1; cut < codePoints.length; cut++) {
      int beforeLast = cut == 1 ? -1 : codePoints[cut - 2];
      if (tokenizer.cuts().between(beforeLast, codePoints[cut - 1], codePoints[cut])) {
        IntStream left = IntStream.of(tokenizer.encode(text(codePoints, 0, cut)));
        IntStream right = IntStream.of(tokenizer.encode(text(codePoints, cut, codePoints.length)));
        assertThat(IntStream.concat(left, right).toArray()).isEqualTo(whole);
      }
    }
  }

  private static String text(int[] codePoints, int from, int to) {
    return new String(codePoints, from, to - from);
  }

  /** Marks, jamo, characters that decompose or change alone, spaces and line ends. */
  @Provide
  Arbitrary<String> composingText() {
    return Arbitraries.strings()
        .withChars(
            "ahel  \n\n\r1!\u0301\u0323\u0338\u1100\u1161\u11A8\uAC00\u0958\u0915\u093C\u212A"
                + "\u2126\u2000\u2001\u037E\u1FEF\u00E9\u1E69\u2260\uF900\u0340\u09C7\u09BE")
        .ofMaxLength(12);
  }
}
