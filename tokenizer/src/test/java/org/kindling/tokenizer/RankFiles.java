package org.kindling.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The rank files that come with jtokkit, each with its pattern and some of its special tokens. */
@SuppressWarnings("ImmutableEnumChecker")
enum RankFiles {
  R50K("r50k_base", PreTokenPattern.GPT2, Map.of("<|endoftext|>", 50256)),
  /** Ranks go on after the special token. */
  P50K("p50k_base", PreTokenPattern.GPT2, Map.of("<|endoftext|>", 50256)),
  /** No token has the id 100256, nor those between the special ones. */
  CL100K(
      "cl100k_base",
      PreTokenPattern.GPT4,
      Map.of("<|endoftext|>", 100257, "<|fim_prefix|>", 100258, "<|endofprompt|>", 100276)),
  O200K(
      "o200k_base",
      PreTokenPattern.O200K,
      Map.of("<|endoftext|>", 199999, "<|endofprompt|>", 200018));

  private final String file;
  private final PreTokenPattern pattern;
  private final Map<String, Integer> specialTokens;
  private Tokenizer tokenizer;

  RankFiles(String file, PreTokenPattern pattern, Map<String, Integer> specialTokens) {
    this.file = file;
    this.pattern = pattern;
    this.specialTokens = specialTokens;
  }

  String fileName() {
    return file + ".tiktoken";
  }

  String lines() {
    try (InputStream in =
        RankFiles.class.getResourceAsStream("/com/knuddels/jtokkit/" + fileName())) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, Integer> specialTokens() {
    return specialTokens;
  }

  /** The tokenizer of the file; read once, since tests share it. */
  synchronized Tokenizer tokenizer() {
    if (tokenizer == null) {
      tokenizer = TokenizerFiles.tiktoken(lines(), pattern, specialTokens);
    }
    return tokenizer;
  }
}
