package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Documents of any number and length, against arrays. */
class NumberingTest {
  @Test
  void thingsAreWhereALoopOverAllDocumentsFindsThem() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int count = random.nextInt(5) == 0 ? random.nextInt(3) : random.nextInt(6000);
      long[] lengths = new long[count];
      boolean rare = random.nextBoolean();
      for (int d = 0; d < count; d++) {
        lengths[d] =
            rare && random.nextInt(900) > 0 ? 0 : random.nextLong(1L << random.nextInt(40));
      }
      DocumentLengths documents = DocumentLengths.of(lengths);
      Numbering numbering = new Numbering(documents, (begin, end) -> Math.min(3, end - begin));

      long total = 0;
      long position = 0;
      Numbering.Walk walk = numbering.walk();
      DocumentLengths.Cursor cursor = documents.cursor();
      int step = 1 + random.nextInt(10) * random.nextInt(500);
      for (long length : lengths) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.begin()).isEqualTo(position);
        assertThat(cursor.end()).isEqualTo(position + length);
        for (long thing = total; thing < total + Math.min(3, length); thing++) {
          if (thing % step == 0) {
            walk.to(thing);
            assertThat(walk.begin()).isEqualTo(position);
            assertThat(walk.end()).isEqualTo(position + length);
            assertThat(walk.first()).isEqualTo(total);
            assertThat(walk.after()).isEqualTo(total + Math.min(3, length));
          }
        }
        total += Math.min(3, length);
        position += length;
      }
      assertThat(cursor.next()).isFalse();
      assertThat(numbering.total()).isEqualTo(total);
      assertThat(documents.tokens()).isEqualTo(position);
      assertThat(documents.count()).isEqualTo(count);
    }
  }
}
