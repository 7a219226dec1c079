package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;

class TextDigestTest {
  /** The polynomial, written out. */
  @Test
  void itIsTheSumThatItsDescriptionSays() {
    BigInteger prime = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    BigInteger place = new BigInteger(DigestUtils.sha256Hex("Kindling"), 16);
    BigInteger c1 = new BigInteger(DigestUtils.sha256Hex("to be\u0001"), 16);
    BigInteger c2 = new BigInteger(DigestUtils.sha256Hex("or not\u0001"), 16);
    TextDigest digest = new TextDigest();

    digest.document("to be".getBytes());
    digest.document("or not".getBytes());

    assertThat(digest.value().sum()).isEqualTo(c1.multiply(place).add(c2).mod(prime));
    assertThat(digest.value().blocks()).isEqualTo(2);
  }

  @Test
  void partsTogetherAreTheWholeWhereverBlocksMeet() {
    byte[] bytes = new byte[3 * TextDigest.BLOCK_BYTES + 12345];
    new Random(1).nextBytes(bytes);
    TextDigest whole = new TextDigest();
    whole.document(bytes);
    whole.document(new byte[] {1});
    Random random = new Random(2);

    TextDigest.Value parts = TextDigest.Value.NOTHING;
    for (int begin = 0; begin < bytes.length; begin += TextDigest.BLOCK_BYTES) {
      TextDigest part = new TextDigest();
      int end = Math.min(bytes.length, begin + TextDigest.BLOCK_BYTES);
      for (int at = begin; at < end; ) {
        int count = Math.min(end - at, 1 + random.nextInt(1_000_000));
        part.add(bytes, at, count, at);
        at += count;
      }
      part.endBlock(end == bytes.length);
      parts = parts.then(part.value());
    }
    TextDigest last = new TextDigest();
    last.document(new byte[] {1});

    assertThat(parts.then(last.value())).isEqualTo(whole.value());
    assertThat(whole.value().blocks()).isEqualTo(5);
  }

  @Test
  void otherDocumentsHaveAnotherFingerprint() {
    Set<String> fingerprints = new HashSet<>();
    List<List<String>> corpora =
        List.of(
            List.of("a", "b"),
            List.of("b", "a"),
            List.of("ab"),
            List.of("a", "b", "b"),
            List.of("a"),
            List.of("a", "c"));
    for (List<String> documents : corpora) {
      TextDigest.Value all = TextDigest.Value.NOTHING;
      for (String document : documents) {
        TextDigest digest = new TextDigest();
        digest.document(document.getBytes());
        all = all.then(digest.value());
      }
      fingerprints.add(all.fingerprint());
    }
    assertThat(new ArrayList<>(fingerprints)).hasSize(corpora.size());
  }
}
