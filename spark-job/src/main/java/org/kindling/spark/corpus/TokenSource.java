package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.util.SerializableConfiguration;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.Tokenizer;

/** The corpus as one row of tokens, any stretch of which a task can read from the files. */
final class TokenSource implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<TextRange> ranges;
  private final DocumentReader reader;

  /** The position of each range's first token, and the number of tokens as the last entry. */
  private final long[] positions;

  /** What was found in each range when its tokens were counted, without the documents. */
  private final List<TextDigest.Value> digests;

  private final Tokenizer tokenizer;
  private final SerializableConfiguration configuration;

  /**
   * A corpus whose ranges have been counted.
   *
   * @param files with their ranges, in order
   * @param counts what was found in each
   */
  TokenSource(
      TextFiles files,
      List<RangeCount> counts,
      Tokenizer tokenizer,
      SerializableConfiguration configuration) {
    this.ranges = files.ranges();
    this.reader = files.reader();
    this.tokenizer = tokenizer;
    this.configuration = configuration;
    digests = counts.stream().map(RangeCount::digest).toList();
    positions = new long[counts.size() + 1];
    for (int r = 0; r < counts.size(); r++) {
      positions[r + 1] = positions[r] + counts.get(r).tokens();
    }
  }

  /** How many characters of text each token stands for. */
  int[] tokenCharacters() {
    return TokenCharacters.of(tokenizer);
  }

  /**
   * Makes the shards {@code first} to {@code end - 1}, reading each range that they need once.
   *
   * @throws InputException if a file changed since its tokens were counted
   */
  <S> List<S> shards(Division<S> division, int first, int end) {
    Extents[] extents = new Extents[end - first];
    TokenIdWriter[] ids = new TokenIdWriter[end - first];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = division.extents(first + i);
      ids[i] = new TokenIdWriter(extents[i].length(), tokenizer.vocabularySize());
    }
    try {
      for (int range : rangesOf(extents)) {
        read(range, extents, ids);
      }
      List<S> shards = new ArrayList<>();
      for (int i = 0; i < extents.length; i++) {
        shards.add(division.shard(first + i, extents[i], ids[i].finish()));
      }
      return shards;
    } finally {
      for (TokenIdWriter writer : ids) {
        writer.close();
      }
    }
  }

  /** The hosts that keep most of what the shards {@code first} to {@code end - 1} need. */
  List<String> hostsOf(Division<?> division, int first, int end) {
    if (ranges.stream().allMatch(range -> range.hosts().isEmpty())) {
      return List.of();
    }
    Extents[] extents = new Extents[end - first];
    Arrays.setAll(extents, i -> division.extents(first + i));
    return LocatedTasks.hosts(Arrays.stream(rangesOf(extents)).mapToObj(ranges::get).toList());
  }

  private int[] rangesOf(Extents[] extents) {
    return IntStream.range(0, ranges.size())
        .filter(r -> Arrays.stream(extents).anyMatch(e -> e.meets(positions[r], positions[r + 1])))
        .toArray();
  }

  private void read(int r, Extents[] extents, TokenIdWriter[] into) {
    TextRange range = ranges.get(r);
    long[] position = {positions[r]};
    RangeCount found =
        RangeEncoder.encode(
            range,
            reader,
            configuration.value(),
            tokenizer,
            (ids, count) -> {
              // A text that grew must not run into the next range's places.
              int expected = (int) Math.min(count, positions[r + 1] - position[0]);
              for (int i = 0; i < extents.length; i++) {
                extents[i].keep(position[0], ids, expected, into[i]);
              }
              position[0] += expected;
            });
    if (found.tokens() != positions[r + 1] - positions[r]
        || !found.digest().equals(digests.get(r))) {
      throw new InputException(range.path() + " changed while it was read");
    }
  }
}
