package org.kindling.spark.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.kindling.spark.corpus.TextRange;

/** Who gets which rows. */
class RowsTest {

  @Test
  void tasksHaveNeighboursAndEvenShares() {
    for (int rows = 0; rows < 40; rows++) {
      for (int tasks = 1; tasks < 12; tasks++) {
        assertThat(Rows.firstOf(0, tasks, rows)).isZero();
        assertThat(Rows.firstOf(tasks, tasks, rows)).isEqualTo(rows);
        for (int task = 0; task < tasks; task++) {
          long first = Rows.firstOf(task, tasks, rows);
          long end = Rows.firstOf(task + 1, tasks, rows);
          assertThat(end - first).isBetween((long) rows / tasks, (long) (rows + tasks - 1) / tasks);
          for (long row = first; row < end; row++) {
            assertThat(Rows.taskOf(row, tasks, rows)).isEqualTo(task);
          }
        }
      }
    }
  }

  @Test
  void enoughTasksForAllCoresAndEnoughRowsForEachTask() {
    assertThat(Rows.tasks(0, 0, 32, 2)).isEqualTo(1);
    assertThat(Rows.tasks(1, 5, 32, 2)).isEqualTo(1);
    assertThat(Rows.tasks(100, 100, 32, 2)).isEqualTo(2);
    assertThat(Rows.tasks(100_000, 100_000, 32, 2)).isEqualTo(97);
    assertThat(Rows.tasks(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, 1, 2)).isEqualTo(200);
  }

  /** Counting rows in ranges, some of which have none: every row once, in order. */
  @Test
  void blocksCoverEachRowOnce() {
    Random random = new Random(6);
    for (int round = 0; round < 300; round++) {
      List<TextRange> ranges = new ArrayList<>();
      List<Long> rows = new ArrayList<>();
      for (int i = 0, count = random.nextInt(7); i < count; i++) {
        ranges.add(new TextRange("file", i, i + 1, count, false, List.of()));
        rows.add((long) random.nextInt(4));
      }
      List<String> all = new ArrayList<>();
      for (int i = 0; i < ranges.size(); i++) {
        for (int row = 0; row < rows.get(i); row++) {
          all.add(i + "." + row);
        }
      }

      List<String> read = new ArrayList<>();
      for (RowBlocks.Block block : RowBlocks.of(ranges, rows, 1 + random.nextInt(5))) {
        List<String> own = new ArrayList<>();
        for (TextRange range : block.ranges()) {
          for (int row = 0; row < rows.get((int) range.start()); row++) {
            own.add(range.start() + "." + row);
          }
        }
        read.addAll(own.subList((int) block.skip(), (int) (block.skip() + block.count())));
      }
      assertThat(read).isEqualTo(all);
    }
  }
}
