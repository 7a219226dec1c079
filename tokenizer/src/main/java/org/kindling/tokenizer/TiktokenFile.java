package org.kindling.tokenizer;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a rank file, {@code *.tiktoken}: a line for each token, its bytes in Base64, a space, its
 * rank. The rank is the token's id and its merge's priority; {@code "dGhl 1820"} is the token
 * {@code "the"} with the id 1820.
 *
 * <p>Ranks are 0, 1, 2 and so on, in any order of lines. Only where a special token has its id
 * among them may one be missing, as in {@code p50k_base}.
 */
final class TiktokenFile {
  private static final int LARGEST_RANK = BytePairVocabulary.LARGEST_ID;

  private TiktokenFile() {}

  static BytePairVocabulary read(
      String lines, PreTokenPattern pattern, Map<String, Integer> specialTokens) {
    List<byte[]> tokens = new ArrayList<>();
    int number = 0;
    for (int from = 0, end; from < lines.length(); from = end + 1) {
      end = lines.indexOf('\n', from);
      end = end < 0 ? lines.length() : end;
      number++;
      String line = lines.substring(from, end).strip();
      if (!line.isEmpty()) {
        add(line, number, tokens);
      }
    }
    if (tokens.isEmpty()) {
      throw new TokenizerException("the rank file has no tokens");
    }
    int missing = tokens.indexOf(null);
    while (missing >= 0 && specialTokens.containsValue(missing)) {
      int next = tokens.subList(missing + 1, tokens.size()).indexOf(null);
      missing = next < 0 ? next : missing + 1 + next;
    }
    if (missing >= 0) {
      throw new TokenizerException(
          "the rank file is damaged: no token has the rank %d, but one has %d"
              .formatted(missing, tokens.size() - 1));
    }
    requireOnce(tokens);
    requireFree(tokens, specialTokens);
    return BytePairVocabulary.fromRanks(tokens.toArray(byte[][]::new), specialTokens, pattern);
  }

  private static void add(String line, int number, List<byte[]> tokens) {
    int space = line.indexOf(' ');
    byte[] token;
    int rank;
    try {
      token = Base64.getDecoder().decode(line.substring(0, Math.max(space, 0)));
      rank = Integer.parseInt(line.substring(space + 1));
    } catch (IllegalArgumentException e) {
      throw damaged(line, number, e);
    }
    if (token.length == 0 || rank < 0 || rank > LARGEST_RANK) {
      throw damaged(line, number, null);
    }
    while (tokens.size() <= rank) {
      tokens.add(null);
    }
    byte[] other = tokens.set(rank, token);
    if (other != null) {
      throw new TokenizerException(
          "the rank file is damaged: line %d has the rank %d again".formatted(number, rank));
    }
  }

  private static void requireOnce(List<byte[]> tokens) {
    Map<String, Integer> ranks = new HashMap<>();
    for (int rank = 0; rank < tokens.size(); rank++) {
      if (tokens.get(rank) != null) {
        String token = ByteCharacters.write(tokens.get(rank));
        Integer other = ranks.put(token, rank);
        if (other != null) {
          throw new TokenizerException(
              "the rank file is damaged: the ranks %d and %d are both %s"
                  .formatted(other, rank, TokenizerJson.quoted(token)));
        }
      }
    }
  }

  private static void requireFree(List<byte[]> tokens, Map<String, Integer> specialTokens) {
    specialTokens.forEach(
        (name, id) -> {
          if (id >= 0 && id < tokens.size() && tokens.get(id) != null) {
            throw new TokenizerException(
                "the special token %s has the id %d, which is the rank of %s in the file"
                    .formatted(
                        TokenizerJson.quoted(name),
                        id,
                        TokenizerJson.quoted(ByteCharacters.write(tokens.get(id)))));
          }
        });
  }

  private static TokenizerException damaged(String line, int number, Exception cause) {
    return new TokenizerException(
        "the rank file is damaged: line %d is %s;".formatted(number, TokenizerJson.quoted(line))
            + " it must be a token in Base64, a space, a rank of 0 to %d".formatted(LARGEST_RANK),
        cause);
  }
}
