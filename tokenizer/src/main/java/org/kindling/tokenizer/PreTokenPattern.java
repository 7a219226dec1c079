package org.kindling.tokenizer;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How a text is cut into pre-tokens, which byte-pair merges never cross.
 *
 * <p>Worked example, GPT-2's pattern: {@code "Don't panic, 2 stars"} is cut into {@code Don},
 * {@code 't}, {@code " panic"}, {@code ","}, {@code " "}, {@code " 2"}, {@code " stars"}.
 *
 * <p>The patterns are those of OpenAI's tiktoken. They are matched by hand-written scanners, one
 * pass over the characters without backtracking: a regular expression's engine takes several times
 * as long and, in Java, a stack frame for each repetition.
 */
public enum PreTokenPattern {
  /** GPT-2 and GPT-3 (r50k, p50k). */
  GPT2(
      "gpt2",
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
      SafeCut.WORDS) {
    @Override
    public int end(char[] text, int from, int to) {
      return Gpt2Scanner.end(text, from, to);
    }
  },

  /** GPT-3.5 and GPT-4 (cl100k), Llama 3: numbers in groups of up to three digits. */
  GPT4(
      "gpt4",
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      SafeCut.WORDS) {
    @Override
    public int end(char[] text, int from, int to) {
      return Gpt4Scanner.end(text, from, to, 3);
    }
  },

  /** GPT-4o (o200k): words also end where capitals begin. */
  O200K(
      "o200k",
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
          + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      SafeCut.WORDS) {
    @Override
    public int end(char[] text, int from, int to) {
      return O200kScanner.end(text, from, to);
    }
  },

  /** Qwen 2: as GPT-4, with each digit by itself. */
  QWEN2(
      "qwen2",
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      SafeCut.WORDS) {
    @Override
    public int end(char[] text, int from, int to) {
      return Gpt4Scanner.end(text, from, to, 1);
    }
  },

  /** No words: a line with its line end is one pre-token, so that tokens may span blanks. */
  NONE("none", "[^\\n]*\\n|[^\\n]+", SafeCut.LINES) {
    @Override
    public int end(char[] text, int from, int to) {
      for (int i = from; i < to; i++) {
        if (text[i] == '\n') {
          return i + 1;
        }
      }
      return to;
    }
  };

  private final String label;
  private final String regex;
  private final SafeCut cuts;

  PreTokenPattern(String label, String regex, SafeCut cuts) {
    this.label = label;
    this.regex = regex;
    this.cuts = cuts;
  }

  /**
   * Where the pre-token ends that begins at {@code from}.
   *
   * @param from less than {@code to}
   * @param to where the text ends: nothing behind it is looked at
   * @return more than {@code from}, at most {@code to}
   */
  public abstract int end(char[] text, int from, int to);

  /** The pattern's name in settings and options. */
  public String label() {
    return label;
  }

  /** The regular expression as files of the Hugging Face library have it. */
  public String regex() {
    return regex;
  }

  /**
   * What becomes of half a pair of surrogates: its bits as three bytes, or {@code ?} as Java has
   * it. It is jtokkit's choice, which is the first for GPT-4's pattern and the second for others.
   */
  boolean keepsSurrogates() {
    return this == GPT4;
  }

  /** Where a text may be cut without a change of its pre-tokens. */
  public SafeCut cuts() {
    return cuts;
  }

  /**
   * The pattern of that name.
   *
   * @throws TokenizerException if there is none; the message has the known ones
   */
  public static PreTokenPattern of(String label) {
    return Arrays.stream(values())
        .filter(pattern -> pattern.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new TokenizerException(
                    "tokenizer.pattern = %s must be one of %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(PreTokenPattern::label)
                                .collect(Collectors.joining(", ")))));
  }
}
