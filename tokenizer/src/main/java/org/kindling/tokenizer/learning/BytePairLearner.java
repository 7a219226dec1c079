package org.kindling.tokenizer.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kindling.tokenizer.ByteCharacters;
import org.kindling.tokenizer.BytePairVocabulary;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.TokenizerException;

/**
 * Learns byte-pair merges: again and again, the two neighbours that occur together most often
 * become one token (Sennrich et al., ACL 2016).
 *
 * <p>Worked example: {@code aab} three times and {@code ab} twice have the pairs {@code ab} 5 times
 * and {@code aa} 3 times. {@code ab} becomes a token, then {@code a + ab}, 3 times, becomes {@code
 * aab}.
 *
 * <p>Exact and the same as the Hugging Face library's: of pairs that occur equally often, the one
 * with the smaller left, then the smaller right id is first. The 256 bytes come first, ordered by
 * their stand-in characters as in GPT-2's vocabulary, then the tokens as they were learned, then
 * special tokens. Two pairs whose bytes are alike give one token and two merges; a pair whose bytes
 * are a special token's text is left alone, since a file names both alike.
 *
 * <p>Counts change only where a merge happens: a pair's places are known, and pairs wait in a heap.
 * Time and memory follow the distinct pre-tokens, not the text: about 25 bytes for each of their
 * bytes. Not for several threads.
 */
public final class BytePairLearner {
  private static final int BYTES = 256;
  private static final int MERGES_BETWEEN_CALLS = 256;

  private final Words words;
  private final PairCounts pairs = new PairCounts();
  private final PairHeap heap = new PairHeap(pairs);
  private final LearnedTokens tokens = new LearnedTokens();
  private final List<BytePairVocabulary.Merge> merges = new ArrayList<>();

  /**
   * Pairs that are merges already. One can come again, when another pair gives one of its tokens.
   */
  private final Set<Long> merged = new HashSet<>();

  /** Pairs whose counts grew in the merge that goes on. */
  private int[] grown = new int[64];

  private int grownSize;

  /** The last merge that each pair was noted in. */
  private int[] noted = new int[1 << 12];

  private int round;

  private BytePairLearner(PreTokenCounts counts) {
    this.words = new Words(counts, tokens);
    counts.clear();
    words.forEachPair((left, right, at, count) -> pairs.add(left, right, at, count));
    for (int pair = 0; pair < pairs.size(); pair++) {
      heap.push(pair);
    }
  }

  /**
   * Learns a vocabulary.
   *
   * @param counts of pre-tokens, in any order; they are used up, so that their memory is there for
   *     the learning
   * @param vocabularySize tokens in all; fewer are learned if no pair is left
   * @param specialTokens texts that get the last ids
   * @param pattern how the pre-tokens were cut
   * @throws TokenizerException as {@link #check}
   */
  public static BytePairVocabulary learn(
      PreTokenCounts counts,
      int vocabularySize,
      List<String> specialTokens,
      PreTokenPattern pattern,
      LearningListener listener) {
    check(vocabularySize, specialTokens);
    BytePairLearner learner = new BytePairLearner(counts);
    specialTokens.forEach(learner.tokens::reserve);
    learner.learn(vocabularySize - specialTokens.size(), listener);
    return learner.vocabulary(specialTokens, pattern);
  }

  /**
   * Refuses what nothing can be learned for, before the text is counted.
   *
   * @throws TokenizerException if the vocabulary is smaller than the 256 bytes and the special
   *     tokens, or larger than files may have it, or a special token comes twice, is empty, or is
   *     written like a byte in files
   */
  public static void check(int vocabularySize, List<String> specialTokens) {
    if (vocabularySize < BYTES + specialTokens.size()) {
      throw new TokenizerException(
          "tokenizer.vocab-size = %d must be at least %d: 256 bytes and %d special tokens"
              .formatted(vocabularySize, BYTES + specialTokens.size(), specialTokens.size()));
    }
    if (vocabularySize > BytePairVocabulary.LARGEST_ID + 1) {
      throw new TokenizerException(
          "tokenizer.vocab-size = %d must be at most %d"
              .formatted(vocabularySize, BytePairVocabulary.LARGEST_ID + 1));
    }
    Set<String> seen = new HashSet<>();
    for (String special : specialTokens) {
      if (special.isEmpty()) {
        throw new TokenizerException("a special token is empty");
      }
      if (!seen.add(special)) {
        throw new TokenizerException(
            "the special token %s is given twice; each needs a text of its own".formatted(special));
      }
      byte[] written = ByteCharacters.read(special);
      if (written != null && written.length == 1) {
        throw new TokenizerException(
            "the special token %s is how files write the byte 0x%02X; take a longer one"
                .formatted(special, written[0]));
      }
    }
  }

  private void learn(int size, LearningListener listener) {
    int wanted = size - BYTES;
    while (tokens.size() < size) {
      int pair = heap.pop();
      if (pair < 0 || pairs.count(pair) < 1) {
        break;
      }
      if (tokens.isReserved(pairs.left(pair), pairs.right(pair))) {
        pairs.clear(pair);
        continue;
      }
      join(pair);
      if (merges.size() % MERGES_BETWEEN_CALLS == 0) {
        listener.merged(Math.min(merges.size(), wanted), wanted);
      }
    }
    listener.merged(Math.min(merges.size(), wanted), wanted);
  }

  /** Makes a pair one token wherever it occurs. */
  private void join(int pair) {
    int left = pairs.left(pair);
    int right = pairs.right(pair);
    int joined = tokens.join(left, right);
    if (merged.add((long) left << 32 | right)) {
      merges.add(new BytePairVocabulary.Merge(left, right, joined, merges.size()));
    }
    int[] places = pairs.takePlaces(pair);
    grownSize = 0;
    round++;
    for (int at : places) {
      joinAt(at, left, right, joined);
    }
    pairs.clear(pair); // only now: in "aaa" the pair is its own neighbour
    for (int i = 0; i < grownSize; i++) {
      heap.push(grown[i]);
    }
  }

  /** Joins the pair at one place, if it is still there: in "aaa", only one of two is. */
  private void joinAt(int at, int left, int right, int joined) {
    int second = words.next(at);
    if (words.token(at) != left || second < 0 || words.token(second) != right) {
      return;
    }
    long count = words.count(at);
    int before = words.previous(at);
    int after = words.next(second);
    words.join(at, second, joined);
    if (before >= 0) {
      pairs.subtract(words.token(before), left, count);
      note(pairs.add(words.token(before), joined, before, count));
    }
    if (after >= 0) {
      pairs.subtract(right, words.token(after), count);
      note(pairs.add(joined, words.token(after), at, count));
    }
  }

  /** Keeps a pair for the heap, once a merge. */
  private void note(int pair) {
    if (pair >= noted.length) {
      noted = Arrays.copyOf(noted, Math.max(pair + 1, noted.length + (noted.length >> 1)));
    }
    if (noted[pair] == round) {
      return;
    }
    noted[pair] = round;
    if (grownSize == grown.length) {
      grown = Arrays.copyOf(grown, 2 * grownSize);
    }
    grown[grownSize++] = pair;
  }

  private BytePairVocabulary vocabulary(List<String> specialTokens, PreTokenPattern pattern) {
    Map<String, Integer> specials = new LinkedHashMap<>();
    byte[][] all = tokens.toArray();
    specialTokens.forEach(special -> specials.put(special, all.length + specials.size()));
    return BytePairVocabulary.of(all, merges, specials, pattern, false);
  }
}
