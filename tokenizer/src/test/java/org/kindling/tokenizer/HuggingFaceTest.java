package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.tokenizer.CharacterTokenizerTest.alphabetOf;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Hugging Face library itself loads our file and does the same with it. */
class HuggingFaceTest {
  @TempDir static Path nativeLibraries;

  @BeforeAll
  static void withoutTheNetwork() {
    System.setProperty("DJL_CACHE_DIR", nativeLibraries.toString());
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @Test
  void theLibraryGivesTheSameIdsAndText() throws Exception {
    String text = "ROMEO:\nBut soft!  What light\t\u00E9\u00FC \uD83D\uDE00\uD83D\uDE00 \"\\'\n\n";
    Tokenizer ours = alphabetOf(text);
    byte[] json = ours.toJson().getBytes(StandardCharsets.UTF_8);

    try (HuggingFaceTokenizer theirs =
        HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"))) {
      long[] theirIds = theirs.encode(text, false, false).getIds();
      int[] ourIds = ours.encode(text);

      assertThat(theirIds).isEqualTo(Arrays.stream(ourIds).asLongStream().toArray());
      assertThat(theirs.decode(theirIds)).isEqualTo(text);
    }
  }
}
