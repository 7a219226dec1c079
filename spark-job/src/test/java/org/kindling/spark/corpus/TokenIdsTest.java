package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenIdsTest {

  @Test
  void theSmallestTypeThatHoldsTheVocabularyIsTaken() {
    assertThat(TokenIds.allocate(1, 256)).isInstanceOf(TokenIds.Bytes.class);
    assertThat(TokenIds.allocate(1, 257)).isInstanceOf(TokenIds.Chars.class);
    assertThat(TokenIds.allocate(1, 65536)).isInstanceOf(TokenIds.Chars.class);
    assertThat(TokenIds.allocate(1, 65537)).isInstanceOf(TokenIds.Ints.class);
  }

  @Test
  void eachTypeGivesBackWhatItWasGiven() {
    for (int vocabulary : new int[] {1, 256, 257, 65536, 65537, 200_000}) {
      int[] ids = {-1, 0, vocabulary / 2, vocabulary - 1, -1};
      TokenIds kept = TokenIds.allocate(5, vocabulary);
      int[] back = new int[4];

      kept.set(2, ids, 1, 3);
      kept.copy(2, 3, back, 1);

      assertThat(kept.length()).isEqualTo(5);
      assertThat(back).containsExactly(0, 0, vocabulary / 2, vocabulary - 1);
    }
  }
}
