package org.kindling.spark.corpus;

import java.io.Serializable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.kindling.spark.files.Sha256;

/**
 * A digest of documents that can be put together from those of their parts, so that tasks can each
 * digest a range, however files are cut into ranges, stored and compressed.
 *
 * <p>A document is cut into blocks of 4 MiB; the last one may be shorter. The SHA-256 of each
 * block, followed by a byte that says whether its document ends with it, is a number, and so the
 * documents are a row of numbers c1, c2, ... cn. Their digest is the value of the polynomial c1
 * b^(n-1) + c2 b^(n-2) + ... + cn in a fixed place b, modulo the prime 2^255 - 19, together with n.
 * Of two rows, one after the other, it follows from the digests of both: d1 b^n2 + d2.
 */
public final class TextDigest {
  /** How long a block is. Ranges of text files are whole blocks. */
  static final int BLOCK_BYTES = 4 << 20;

  private static final BigInteger PRIME =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger PLACE =
      number(Sha256.digest().digest("Kindling".getBytes(StandardCharsets.US_ASCII)));

  private final MessageDigest block = Sha256.digest();

  /** The number of the block, in its document, that the bytes since the last end belong to. */
  private long number = -1;

  private BigInteger sum = BigInteger.ZERO;
  private long blocks;

  /** The digest of some blocks. */
  record Value(BigInteger sum, long blocks) implements Serializable {
    static final Value NOTHING = new Value(BigInteger.ZERO, 0);

    /** The digest of these blocks and others after them. */
    Value then(Value next) {
      BigInteger shift = PLACE.modPow(BigInteger.valueOf(next.blocks), PRIME);
      return new Value(sum.multiply(shift).add(next.sum).mod(PRIME), blocks + next.blocks);
    }

    /** SHA-256, in hex, of the digest's decimal numbers. */
    String fingerprint() {
      String numbers = sum + " " + blocks;
      MessageDigest digest = Sha256.digest();
      digest.update(numbers.getBytes(StandardCharsets.US_ASCII));
      return Sha256.hex(digest);
    }
  }

  TextDigest() {}

  /**
   * Adds bytes of the present document.
   *
   * @param offset where in the document they lie; after all that were added before
   */
  void add(byte[] bytes, int from, int count, long offset) {
    int done = 0;
    while (done < count) {
      long at = offset + done;
      long of = at / BLOCK_BYTES;
      if (number >= 0 && number != of) {
        endBlock(false);
      }
      number = of;
      int here = (int) Math.min(count - done, (of + 1) * BLOCK_BYTES - at);
      block.update(bytes, from + done, here);
      done += here;
    }
  }

  /** Ends a block, and with it its document or not. */
  void endBlock(boolean endsDocument) {
    block.update((byte) (endsDocument ? 1 : 0));
    sum = sum.multiply(PLACE).add(number(block.digest())).mod(PRIME);
    blocks++;
    number = -1;
  }

  /** Adds a whole document. */
  void document(byte[] bytes) {
    add(bytes, 0, bytes.length, 0);
    endBlock(true);
  }

  /** The digest of all blocks that were ended. */
  Value value() {
    return new Value(sum, blocks);
  }

  private static BigInteger number(byte[] digest) {
    return new BigInteger(1, digest).mod(PRIME);
  }
}
