package org.kindling.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The stream of tokens that are bytes.
 *
 * <p>Only an unfinished character is held back, at most three bytes: the last byte that can begin a
 * character of several bytes, and the continuation bytes (10xxxxxx) after it, while they are fewer
 * than it announces. A decoder of UTF-8 never joins such a byte with what stands before it, broken
 * or not, so the text before it can be decoded by itself.
 */
final class Utf8TokenStream implements TokenStream {
  private static final byte[] NOTHING = {};

  private final IntFunction<byte[]> bytesOfToken;
  private byte[] heldBack = NOTHING;

  /**
   * A stream over these tokens.
   *
   * @param bytesOfToken the bytes of an id, or an exception if there is no such id
   */
  Utf8TokenStream(IntFunction<byte[]> bytesOfToken) {
    this.bytesOfToken = bytesOfToken;
  }

  @Override
  public String next(int id) {
    byte[] token = bytesOfToken.apply(id);
    byte[] bytes = Arrays.copyOf(heldBack, heldBack.length + token.length);
    System.arraycopy(token, 0, bytes, heldBack.length, token.length);
    int end = bytes.length - unfinished(bytes);
    heldBack = end == bytes.length ? NOTHING : Arrays.copyOfRange(bytes, end, bytes.length);
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  @Override
  public String end() {
    String rest = new String(heldBack, StandardCharsets.UTF_8);
    heldBack = NOTHING;
    return rest;
  }

  /** The number of bytes at the end that begin a character without ending it: 0 to 3. */
  private static int unfinished(byte[] bytes) {
    int longest = Math.min(3, bytes.length);
    for (int count = 1; count <= longest; count++) {
      int value = bytes[bytes.length - count] & 0xFF;
      boolean continues = value >= 0x80 && value < 0xC0;
      if (!continues) {
        return count < announced(value) ? count : 0;
      }
    }
    return 0;
  }

  /** The length of the character that this byte begins, by its leading ones. */
  private static int announced(int first) {
    if (first < 0xC0) {
      return 1;
    }
    if (first < 0xE0) {
      return 2;
    }
    return first < 0xF0 ? 3 : 4;
  }
}
