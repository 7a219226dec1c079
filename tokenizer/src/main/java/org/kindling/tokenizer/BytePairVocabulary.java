package org.kindling.tokenizer;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a byte-level BPE tokenizer is made of: the bytes of each token, the merges in their order,
 * special tokens, and how text is cut before. Immutable.
 *
 * <p>Byte-pair encoding of text is due to R. Sennrich, B. Haddow, A. Birch, "Neural machine
 * translation of rare words with subword units", ACL 2016, and its form over bytes to GPT-2.
 */
public final class BytePairVocabulary implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * The largest id that a file may have, above every vocabulary known (the largest have some
   * 262,000). Tables are as long as the largest id, so a damaged one must not ask for all memory.
   */
  public static final int LARGEST_ID = (1 << 20) - 1;

  /**
   * Two neighbours and the token that takes their place.
   *
   * @param rank lower ranks merge first, and of equal ranks the leftmost pair
   */
  public record Merge(int left, int right, int result, int rank) implements Serializable {}

  /** All tokens' bytes one after the other, and where each begins. */
  private final byte[] bytes;

  private final int[] starts;

  /** Left, right, result and rank of each merge. */
  private final int[] merges;

  private final TreeMap<String, Integer> specialTokens;
  private final PreTokenPattern pattern;
  private final boolean wholeTokensFirst;
  private final int size;

  private BytePairVocabulary(
      byte[][] tokens,
      int[] merges,
      Map<String, Integer> specialTokens,
      PreTokenPattern pattern,
      boolean wholeTokensFirst) {
    this.merges = merges;
    this.specialTokens = new TreeMap<>(specialTokens);
    this.pattern = pattern;
    this.wholeTokensFirst = wholeTokensFirst;
    this.size = Math.max(tokens.length, 1 + largest(specialTokens));
    this.starts = new int[size + 1];
    for (int id = 0; id < size; id++) {
      starts[id + 1] =
          starts[id] + (id < tokens.length && tokens[id] != null ? tokens[id].length : 0);
    }
    this.bytes = new byte[starts[size]];
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id] != null) {
        System.arraycopy(tokens[id], 0, bytes, starts[id], tokens[id].length);
      }
    }
    checkSpecialTokens();
    checkBytes();
  }

  private static int largest(Map<String, Integer> specialTokens) {
    return specialTokens.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }

  /**
   * A vocabulary with its merges.
   *
   * @param tokens the bytes of each id; null where the id is a special token's or nobody's
   * @param merges in any order; those of a rank are alike
   * @param specialTokens ids by text
   * @param wholeTokensFirst whether a pre-token that is a token is taken whole, even if merges
   *     would not make it
   * @throws TokenizerException if a byte has no token, or a merge refers to a token that is not
   *     there or does not give its result
   */
  public static BytePairVocabulary of(
      byte[][] tokens,
      List<Merge> merges,
      Map<String, Integer> specialTokens,
      PreTokenPattern pattern,
      boolean wholeTokensFirst) {
    int[] flat = new int[4 * merges.size()];
    int at = 0;
    for (Merge merge : merges) {
      checkMerge(tokens, merge);
      flat[at++] = merge.left;
      flat[at++] = merge.right;
      flat[at++] = merge.result;
      flat[at++] = merge.rank;
    }
    return new BytePairVocabulary(tokens, flat, specialTokens, pattern, wholeTokensFirst);
  }

  /**
   * tiktoken's way: the token's id is its rank, any two tokens whose bytes together are a token may
   * merge, and a pre-token that is a token is taken whole.
   *
   * <p>Worked example: with the tokens {@code a b c ab bc abc}, both {@code ab + c} and {@code a +
   * bc} merge to {@code abc}.
   *
   * @param tokensByRank null where a rank is nobody's
   * @throws TokenizerException if a byte has no token
   */
  public static BytePairVocabulary fromRanks(
      byte[][] tokensByRank, Map<String, Integer> specialTokens, PreTokenPattern pattern) {
    BytePairVocabulary bare =
        new BytePairVocabulary(tokensByRank, new int[0], specialTokens, pattern, true);
    TokenTable ids = TokenTable.ofAll(bare);
    int[] merges = new int[4 * tokensByRank.length];
    int at = 0;
    for (int id = 0; id < tokensByRank.length; id++) {
      byte[] token = tokensByRank[id];
      for (int cut = 1; token != null && cut < token.length; cut++) {
        int left = ids.find(token, 0, cut);
        int right = left < 0 ? -1 : ids.find(token, cut, token.length);
        if (right >= 0) {
          if (at == merges.length) {
            merges = Arrays.copyOf(merges, 2 * at);
          }
          merges[at++] = left;
          merges[at++] = right;
          merges[at++] = id;
          merges[at++] = id;
        }
      }
    }
    return new BytePairVocabulary(
        tokensByRank, Arrays.copyOf(merges, at), specialTokens, pattern, true);
  }

  private static void checkMerge(byte[][] tokens, Merge merge) {
    if (merge.rank < 0) {
      throw new TokenizerException(
          "the tokenizer's merge of tokens %d and %d has the rank %d; ranks are 0 and more"
              .formatted(merge.left, merge.right, merge.rank));
    }
    byte[] left = token(tokens, merge.left, merge);
    byte[] right = token(tokens, merge.right, merge);
    byte[] result = token(tokens, merge.result, merge);
    if (left.length + right.length != result.length
        || !Arrays.equals(left, 0, left.length, result, 0, left.length)
        || !Arrays.equals(right, 0, right.length, result, left.length, result.length)) {
      throw new TokenizerException(
          "the tokenizer's merge %d of tokens %d and %d does not give the bytes of token %d"
              .formatted(merge.rank, merge.left, merge.right, merge.result));
    }
  }

  private static byte[] token(byte[][] tokens, int id, Merge merge) {
    if (id < 0 || id >= tokens.length || tokens[id] == null) {
      throw new TokenizerException(
          "the tokenizer's merge %d refers to token %d, which is not in its vocabulary"
              .formatted(merge.rank, id));
    }
    return tokens[id];
  }

  private void checkSpecialTokens() {
    Map<Integer, String> textOfId = new HashMap<>();
    specialTokens.forEach(
        (text, id) -> {
          String other = textOfId.put(id, text);
          if (other != null) {
            throw new TokenizerException(
                "the special tokens %s and %s have the same id %d".formatted(other, text, id));
          }
          if (text.isEmpty()) {
            throw new TokenizerException("special token %d has no text".formatted(id));
          }
          if (id < 0) {
            throw new TokenizerException(
                "the special token %s has the id %d; ids are 0 and more".formatted(text, id));
          }
          if (length(id) > 0) {
            throw new TokenizerException(
                "the special token %s has the id %d, which is an ordinary token's"
                    .formatted(text, id));
          }
        });
  }

  private void checkBytes() {
    boolean[] seen = new boolean[256];
    for (int id = 0; id < size; id++) {
      if (length(id) == 1) {
        seen[bytes[starts[id]] & 0xFF] = true;
      }
    }
    for (int value = 0; value < seen.length; value++) {
      if (!seen[value]) {
        throw new TokenizerException(
            "the tokenizer has no token for the byte 0x%02X; each of the 256 bytes needs one"
                .formatted(value));
      }
    }
  }

  /** V: one more than the largest id. */
  public int size() {
    return size;
  }

  /** The bytes of an ordinary token; none for a special token's id or an id of nobody. */
  public byte[] bytes(int id) {
    return Arrays.copyOfRange(bytes, starts[id], starts[id + 1]);
  }

  int length(int id) {
    return starts[id + 1] - starts[id];
  }

  /** All tokens' bytes in the order of ids; not to be changed. */
  byte[] allBytes() {
    return bytes;
  }

  /** Where an id's bytes begin in {@link #allBytes}. */
  int start(int id) {
    return starts[id];
  }

  /** Ids of the special tokens by their texts. */
  public SortedMap<String, Integer> specialTokens() {
    return Collections.unmodifiableSortedMap(specialTokens);
  }

  public PreTokenPattern pattern() {
    return pattern;
  }

  public boolean wholeTokensFirst() {
    return wholeTokensFirst;
  }

  /** The merges, as they were given. */
  public List<Merge> merges() {
    return new MergeList();
  }

  private final class MergeList extends AbstractList<Merge> implements RandomAccess {
    @Override
    public Merge get(int index) {
      int at = 4 * index;
      return new Merge(merges[at], merges[at + 1], merges[at + 2], merges[at + 3]);
    }

    @Override
    public int size() {
      return merges.length / 4;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BytePairVocabulary that
        && Arrays.equals(bytes, that.bytes)
        && Arrays.equals(starts, that.starts)
        && Arrays.equals(merges, that.merges)
        && specialTokens.equals(that.specialTokens)
        && pattern == that.pattern
        && wholeTokensFirst == that.wholeTokensFirst;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(starts) + Arrays.hashCode(merges);
  }

  @Override
  public String toString() {
    return "byte-level BPE of %d tokens, %d of them special, pattern %s"
        .formatted(size, specialTokens.size(), pattern.label());
  }

  /** The UTF-8 bytes of a special token's text. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
