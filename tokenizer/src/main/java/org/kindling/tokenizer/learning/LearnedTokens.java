package org.kindling.tokenizer.learning;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.kindling.tokenizer.ByteCharacters;

/** The tokens that have been learned, from the 256 bytes on. */
final class LearnedTokens {
  private final List<byte[]> tokens = new ArrayList<>();
  private final Map<ByteBuffer, Integer> ids = new HashMap<>();
  private final Set<ByteBuffer> reserved = new HashSet<>();
  private final int[] ofByte = new int[256];

  /** Of each token; beside the tokens, since this is asked at each step along a word. */
  private int[] lengths = new int[1 << 10];

  /** The bytes, in the order of their stand-in characters: {@code !} is 0, as in GPT-2. */
  LearnedTokens() {
    IntStream.range(0, ofByte.length)
        .boxed()
        .sorted(Comparator.comparing((Integer value) -> ByteCharacters.of(value)))
        .forEach(
            value -> {
              ofByte[value] = tokens.size();
              add(new byte[] {value.byteValue()});
            });
  }

  int size() {
    return tokens.size();
  }

  /** The id of a byte, 0 to 255. */
  int ofByte(int value) {
    return ofByte[value];
  }

  /** How many bytes a token has. */
  int length(int id) {
    return lengths[id];
  }

  /** The token of two tokens' bytes: a new one, unless others have made it before. */
  int join(int left, int right) {
    byte[] joined = joined(left, right);
    Integer known = ids.get(ByteBuffer.wrap(joined));
    return known != null ? known : add(joined);
  }

  /**
   * Says that no token is to be written like this special token, since a file names both alike. The
   * token {@code " the"} is written {@code "Ġthe"}.
   */
  void reserve(String special) {
    byte[] bytes = ByteCharacters.read(special);
    if (bytes != null) {
      reserved.add(ByteBuffer.wrap(bytes));
    }
  }

  /** Whether two tokens' bytes are written like a special token. */
  boolean isReserved(int left, int right) {
    return !reserved.isEmpty() && reserved.contains(ByteBuffer.wrap(joined(left, right)));
  }

  private byte[] joined(int left, int right) {
    byte[] first = tokens.get(left);
    byte[] second = tokens.get(right);
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private int add(byte[] token) {
    int id = tokens.size();
    tokens.add(token);
    if (id == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * id);
    }
    lengths[id] = token.length;
    ids.put(ByteBuffer.wrap(token), id);
    return id;
  }

  byte[][] toArray() {
    return tokens.toArray(byte[][]::new);
  }
}
