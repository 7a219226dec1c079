package org.kindling.tokenizer;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Tokenizers from files that exist already. The methods take names and content, not paths, since
 * files may be on any file system.
 *
 * <p>All formats hold byte-level BPE; {@code tokenizer.json} may hold a character tokenizer, too.
 * What a file asks for that Kindling does not do exactly is refused, never ignored.
 *
 * <p>Ids are those of the Hugging Face library without the special tokens that it can add around a
 * text ({@code add_special_tokens=False}). It finds special tokens in every text, as {@link
 * Tokenizer#encodeWithSpecials} does with all of them allowed; {@link Tokenizer#encode} takes
 * {@code "<|endoftext|>"} for thirteen characters. Characters that the Java platform's version of
 * Unicode does not know yet (Java 17 has Unicode 13) are no letters, numbers or spaces here, and
 * may be for the library, which then cuts the text otherwise.
 */
public final class TokenizerFiles {
  private static final String VOCAB = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String RANKS = ".tiktoken";

  private TokenizerFiles() {}

  /**
   * Reads a file by its name: {@code vocab.json} together with {@code merges.txt} beside it, {@code
   * *.tiktoken}, and any other name as {@code tokenizer.json}.
   *
   * @param fileName without its folder
   * @param content the file's text
   * @param beside gives the text of another file of the same folder; asked only for {@code
   *     merges.txt}
   * @throws TokenizerException if the file is damaged or not supported, or does not {@linkplain
   *     #saysHowToCut say} how text is cut
   */
  public static Tokenizer read(String fileName, String content, UnaryOperator<String> beside) {
    if (fileName.equals(VOCAB)) {
      return gpt2(content, beside.apply(MERGES));
    }
    if (!fileName.endsWith(RANKS)) {
      return tokenizerJson(content);
    }
    KnownRanks known =
        KnownRanks.of(fileName)
            .orElseThrow(
                () ->
                    new TokenizerException(
                        "%s needs a pattern: a rank file does not say how text is cut"
                            .formatted(fileName)));
    return tiktoken(content, known.pattern(), known.specialTokens());
  }

  /**
   * Whether a file of this name says how text is cut, or that is known. Of rank files it is known
   * for those that OpenAI published ({@code r50k_base}, {@code p50k_base}, {@code cl100k_base},
   * {@code o200k_base}); for others there is {@link #tiktoken}.
   */
  public static boolean saysHowToCut(String fileName) {
    return !fileName.endsWith(RANKS) || KnownRanks.of(fileName).isPresent();
  }

  /**
   * Reads a {@code tokenizer.json} of the Hugging Face library, or one that {@link
   * Tokenizer#toJson} wrote.
   *
   * @throws TokenizerException if the file is damaged or asks for something that Kindling does not
   *     support; the message says which part
   */
  public static Tokenizer tokenizerJson(String json) {
    return TokenizerJson.read(json);
  }

  /**
   * Reads GPT-2's {@code vocab.json} and {@code merges.txt}. The pattern is GPT-2's, and {@code
   * <|endoftext|>}, if the vocabulary has it, is a special token.
   *
   * @throws TokenizerException if one of the files is damaged, or they do not belong together
   */
  public static Tokenizer gpt2(String vocabJson, String mergesTxt) {
    return new BytePairTokenizer(Gpt2Files.read(vocabJson, mergesTxt));
  }

  /**
   * Reads a rank file, {@code *.tiktoken}, which says nothing of the pattern and of special tokens.
   *
   * @param lines on each, a token in Base64, a space, and its rank
   * @param specialTokens names and ids; no id is a rank of the file
   * @throws TokenizerException if the file is damaged; the message names the line
   */
  public static Tokenizer tiktoken(
      String lines, PreTokenPattern pattern, Map<String, Integer> specialTokens) {
    return new BytePairTokenizer(TiktokenFile.read(lines, pattern, specialTokens));
  }
}
