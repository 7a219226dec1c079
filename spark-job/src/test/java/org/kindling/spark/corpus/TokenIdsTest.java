package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Few ids in the heap, many in a mapped file: nobody who reads them sees a difference. */
class TokenIdsTest {

  @Test
  void asFewBytesAsHoldTheVocabularyAreTaken() {
    assertThat(TokenIds.width(1)).isEqualTo(1);
    assertThat(TokenIds.width(256)).isEqualTo(1);
    assertThat(TokenIds.width(257)).isEqualTo(2);
    assertThat(TokenIds.width(65536)).isEqualTo(2);
    assertThat(TokenIds.width(65537)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 256, 257, 65536, 65537, 200_000})
  void whatWasAddedIsGivenBack(int vocabulary) throws Exception {
    for (int length : new int[] {0, 1, 1000, 3_000_001}) {
      int[] ids = new Random(length).ints(length, 0, vocabulary).toArray();
      TokenIds kept = kept(ids, vocabulary);

      long bytes = (long) length * TokenIds.width(vocabulary);
      assertThat(kept.isMapped()).isEqualTo(bytes > TokenIdWriter.HEAP_BYTES);
      assertThat(kept.estimatedSize()).isLessThan(TokenIdWriter.HEAP_BYTES + 2000);
      checkSame(kept, ids);
      checkSame(sent(kept), ids);
      assertThat(sent(kept).isMapped()).isEqualTo(kept.isMapped());
    }
  }

  @Test
  void idsOutOfOrderOrTooManyOrTooFewAreNoticed() {
    TokenIdWriter writer = new TokenIdWriter(3, 10);
    writer.add(0, new int[] {1, 2}, 0, 2);

    assertThatThrownBy(() -> writer.add(1, new int[] {3}, 0, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.add(2, new int[] {3, 4}, 0, 2))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
  }

  private static TokenIds kept(int[] ids, int vocabulary) {
    try (TokenIdWriter writer = new TokenIdWriter(ids.length, vocabulary)) {
      Random random = new Random(1);
      for (int at = 0; at < ids.length; ) {
        int count = Math.min(ids.length - at, 1 + random.nextInt(100_000));
        writer.add(at, ids, at, count);
        at += count;
      }
      return writer.finish();
    }
  }

  private static void checkSame(TokenIds kept, int[] ids) {
    assertThat(kept.length()).isEqualTo(ids.length);
    int[] all = new int[ids.length];
    kept.copy(0, ids.length, all, 0);
    assertThat(Arrays.equals(all, ids)).isTrue();
    if (ids.length > 2) {
      int[] some = new int[4];
      kept.copy(ids.length - 2, 2, some, 1);
      assertThat(some).containsExactly(0, ids[ids.length - 2], ids[ids.length - 1], 0);
    }
  }

  private static TokenIds sent(TokenIds ids) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(ids);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (TokenIds) in.readObject();
    }
  }
}
