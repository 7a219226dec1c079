package org.kindling.tokenizer;

import java.util.Arrays;

/**
 * GPT-2's printable stand-ins for the 256 bytes, as files write byte-level tokens.
 *
 * <p>A byte whose Latin-1 character is printable (0x21 to 0x7E, 0xA1 to 0xAC, 0xAE to 0xFF) stands
 * for itself; the other 68, in ascending order, are U+0100, U+0101 and so on. So the bytes of
 * {@code " the\n"} are written {@code "ĠtheĊ"}: the space, 0x20, is the 33rd of the others and
 * becomes U+0120.
 *
 * <p>The table is {@code bytes_to_unicode} of GPT-2's encoder.
 */
public final class ByteCharacters {
  private static final char[] CHARACTERS = characters();

  /** The byte of each stand-in character, -1 where a character is none. */
  private static final short[] BYTES = bytes();

  private ByteCharacters() {}

  /** The character that stands for a byte, given as 0 to 255 or as a signed byte. */
  public static char of(int value) {
    return CHARACTERS[value & 0xFF];
  }

  /** These bytes, each by its stand-in. */
  public static String write(byte[] bytes) {
    char[] text = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[i] = of(bytes[i]);
    }
    return new String(text);
  }

  /** The bytes of a text of stand-ins; null if one of its characters stands for no byte. */
  public static byte[] read(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char character = text.charAt(i);
      int value = character < BYTES.length ? BYTES[character] : -1;
      if (value < 0) {
        return null;
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static char[] characters() {
    char[] characters = new char[256];
    char next = 0x100;
    for (int value = 0; value < 256; value++) {
      characters[value] = isPrintable(value) ? (char) value : next++;
    }
    return characters;
  }

  private static boolean isPrintable(int value) {
    return (value >= 0x21 && value <= 0x7E)
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  private static short[] bytes() {
    short[] bytes = new short[0x100 + 68];
    Arrays.fill(bytes, (short) -1);
    for (int value = 0; value < 256; value++) {
      bytes[CHARACTERS[value]] = (short) value;
    }
    return bytes;
  }
}
