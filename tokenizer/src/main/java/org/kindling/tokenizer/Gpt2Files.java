package org.kindling.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Reads GPT-2's pair of files: {@code vocab.json}, an object of tokens and ids, and {@code
 * merges.txt}, a line {@code a b} for each merge, the first to apply first. Both write tokens by
 * {@link ByteCharacters}.
 */
final class Gpt2Files {
  private static final String END_OF_TEXT = "<|endoftext|>";

  private Gpt2Files() {}

  static BytePairVocabulary read(String vocabJson, String mergesTxt) {
    JsonNode vocabulary = TokenizerJson.parse("vocab.json", vocabJson);
    if (!vocabulary.isObject() || vocabulary.isEmpty()) {
      throw new TokenizerException(
          "vocab.json is damaged: it must be an object of tokens and their ids");
    }
    WrittenBytePairs pairs = new WrittenBytePairs("vocab.json", "merges.txt");
    pairs.tokens(vocabulary);
    if (vocabulary.has(END_OF_TEXT)) {
      pairs.special(END_OF_TEXT, vocabulary.get(END_OF_TEXT));
    }
    int number = 0;
    for (int from = 0, end; from < mergesTxt.length(); from = end + 1) {
      end = mergesTxt.indexOf('\n', from);
      end = end < 0 ? mergesTxt.length() : end;
      number++;
      String line = mergesTxt.substring(from, end).strip();
      // The first line tells the version. Others may begin with '#', too: it is a token.
      if (!line.isEmpty() && !line.startsWith("#version")) {
        addMerge(pairs, line, number);
      }
    }
    return pairs.vocabulary(PreTokenPattern.GPT2, false);
  }

  private static void addMerge(WrittenBytePairs pairs, String line, int number) {
    int space = line.indexOf(' ');
    if (space < 0 || line.indexOf(' ', space + 1) >= 0) {
      throw new TokenizerException(
          "merges.txt is damaged: line %d is %s; it must be two tokens with a space between"
              .formatted(number, TokenizerJson.quoted(line)));
    }
    pairs.merge(line.substring(0, space), line.substring(space + 1));
  }
}
