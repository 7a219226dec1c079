package org.kindling.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A {@code tokenizer.json} in the hands of the Hugging Face library itself. */
final class HuggingFace implements AutoCloseable {
  static {
    System.setProperty("DJL_CACHE_DIR", "target/djl");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final HuggingFaceTokenizer tokenizer;

  private HuggingFace(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  static HuggingFace load(String json) {
    byte[] file = json.getBytes(StandardCharsets.UTF_8);
    try {
      return new HuggingFace(
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(file), Map.of("truncation", "false", "padding", "false")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ids without added special tokens; those in the text are found. */
  int[] encode(String text) {
    return Arrays.stream(tokenizer.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
