package org.kindling.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a published rank file does not say itself: its pattern and its special tokens, as OpenAI's
 * tiktoken defines them.
 */
record KnownRanks(String fileName, PreTokenPattern pattern, Map<String, Integer> specialTokens) {
  private static final List<KnownRanks> ALL =
      List.of(
          new KnownRanks(
              "r50k_base.tiktoken", PreTokenPattern.GPT2, Map.of("<|endoftext|>", 50256)),
          new KnownRanks(
              "p50k_base.tiktoken", PreTokenPattern.GPT2, Map.of("<|endoftext|>", 50256)),
          new KnownRanks(
              "cl100k_base.tiktoken",
              PreTokenPattern.GPT4,
              Map.of(
                  "<|endoftext|>", 100257,
                  "<|fim_prefix|>", 100258,
                  "<|fim_middle|>", 100259,
                  "<|fim_suffix|>", 100260,
                  "<|endofprompt|>", 100276)),
          new KnownRanks(
              "o200k_base.tiktoken",
              PreTokenPattern.O200K,
              Map.of("<|endoftext|>", 199999, "<|endofprompt|>", 200018)));

  /** The file of this name, such as {@code cl100k_base.tiktoken}. */
  static Optional<KnownRanks> of(String fileName) {
    return ALL.stream().filter(known -> known.fileName.equals(fileName)).findFirst();
  }
}
