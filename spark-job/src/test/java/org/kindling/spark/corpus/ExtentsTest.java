package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.kindling.spark.InputException;

class ExtentsTest {
  private final Extents extents = new Extents.Builder().add(10, 14).add(13, 16).add(20, 22).build();

  @Test
  void theIdsOfOverlappingStretchesAreKeptInEach() {
    for (int piece = 1; piece < 30; piece++) {
      TokenIdWriter writer = new TokenIdWriter(extents.length(), 256);
      for (int position = 0; position < 30; position += piece) {
        int[] ids = new int[piece];
        for (int i = 0; i < piece; i++) {
          ids[i] = position + i;
        }
        extents.keep(position, ids, piece, writer);
      }
      int[] all = new int[extents.length()];
      writer.finish().copy(0, all.length, all, 0);
      assertThat(all).as("pieces of %d", piece).containsExactly(10, 11, 12, 13, 13, 14, 15, 20, 21);
    }
  }

  @Test
  void aPieceMeetsThemIfTheyNeedOneOfItsIds() {
    assertThat(extents.meets(0, 10)).isFalse();
    assertThat(extents.meets(0, 11)).isTrue();
    assertThat(extents.meets(15, 16)).isTrue();
    assertThat(extents.meets(16, 20)).isFalse();
    assertThat(extents.meets(21, 30)).isTrue();
    assertThat(extents.meets(22, 30)).isFalse();
    assertThat(extents.meets(12, 12)).isFalse();
  }

  @Test
  void moreIdsThanAnArrayHoldsAreRefused() {
    Extents.Builder builder = new Extents.Builder().add(0, 2_000_000_000);

    assertThatThrownBy(() -> builder.add(3_000_000_000L, 3_500_000_000L))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a shard would hold 2500000000 tokens or more, and an array holds at most 2147483639:"
                + " raise train.shards");
  }
}
