package org.kindling.spark.corpus;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.util.SerializableConfiguration;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.Tokenizer;

/** The corpus as one row of tokens, any stretch of which a task can read from the files. */
final class TokenSource implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<TextRange> ranges;

  /** The position of each range's first token, and the number of tokens as the last entry. */
  private final long[] positions;

  /** SHA-256 of each range's bytes when its tokens were counted. */
  private final List<String> digests;

  private final Tokenizer tokenizer;
  private final SerializableConfiguration configuration;

  /**
   * A corpus whose ranges have been counted.
   *
   * @param ranges the files' ranges, in order
   * @param counts what was found in each
   */
  TokenSource(
      List<TextRange> ranges,
      List<RangeCount> counts,
      Tokenizer tokenizer,
      SerializableConfiguration configuration) {
    this.ranges = ranges;
    this.tokenizer = tokenizer;
    this.configuration = configuration;
    digests = counts.stream().map(RangeCount::digest).toList();
    positions = new long[counts.size() + 1];
    for (int r = 0; r < counts.size(); r++) {
      positions[r + 1] = positions[r] + counts.get(r).tokens();
    }
  }

  /**
   * The position of the first token of each document, and the number of tokens as the last entry.
   * Documents that an end-of-text token ends are one stream, so one document here.
   */
  long[] documents() {
    if (tokenizer.endOfText().isPresent()) {
      return new long[] {0, positions[positions.length - 1]};
    }
    long[] documents = new long[ranges.get(ranges.size() - 1).document() + 2];
    for (int r = 0; r < ranges.size(); r++) {
      documents[ranges.get(r).document() + 1] = positions[r + 1];
    }
    return documents;
  }

  /** How many characters of text each token stands for. */
  int[] tokenCharacters() {
    return TokenCharacters.of(tokenizer);
  }

  /** SHA-256, in hex, of the documents' text in their order. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int r = 0; r < ranges.size(); r++) {
        String line = ranges.get(r).document() + " " + digests.get(r) + "\n";
        digest.update(line.getBytes(StandardCharsets.US_ASCII));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Makes the shards {@code first} to {@code end - 1}, reading each range that they need once.
   *
   * @throws InputException if a file changed since its tokens were counted
   */
  <S> List<S> shards(Division<S> division, int first, int end) {
    Extents[] extents = new Extents[end - first];
    TokenIds[] ids = new TokenIds[end - first];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = division.extents(first + i);
      ids[i] = TokenIds.allocate(extents[i].length(), tokenizer.vocabularySize());
    }
    for (int range : rangesOf(extents)) {
      read(range, extents, ids);
    }
    List<S> shards = new ArrayList<>();
    for (int i = 0; i < extents.length; i++) {
      shards.add(division.shard(first + i, extents[i], ids[i]));
    }
    return shards;
  }

  /** The ranges that the shards {@code first} to {@code end - 1} need. */
  List<TextRange> rangesOf(Division<?> division, int first, int end) {
    Extents[] extents = new Extents[end - first];
    Arrays.setAll(extents, i -> division.extents(first + i));
    return Arrays.stream(rangesOf(extents)).mapToObj(ranges::get).toList();
  }

  private int[] rangesOf(Extents[] extents) {
    return IntStream.range(0, ranges.size())
        .filter(r -> Arrays.stream(extents).anyMatch(e -> e.meets(positions[r], positions[r + 1])))
        .toArray();
  }

  private void read(int r, Extents[] extents, TokenIds[] into) {
    TextRange range = ranges.get(r);
    long[] position = {positions[r]};
    String digest =
        RangeEncoder.encode(
            range,
            configuration.value(),
            tokenizer,
            (text, ids, count) -> {
              for (int i = 0; i < extents.length; i++) {
                extents[i].keep(position[0], ids, count, into[i]);
              }
              position[0] += count;
            });
    if (position[0] != positions[r + 1] || !digest.equals(digests.get(r))) {
      throw new InputException(range.path() + " changed while it was read");
    }
  }
}
