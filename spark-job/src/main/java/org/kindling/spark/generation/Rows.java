package org.kindling.spark.generation;

/** How many rows a task gets. */
final class Rows {
  /** So many rows a slot, and the time in which a task's last rows leave slots empty is small. */
  private static final int ROWS_A_SLOT = 32;

  /** More tasks than this make files too small and serve no cluster. */
  private static final int MOST_TASKS_A_CORE = 100;

  private Rows() {}

  /** Tasks for so many rows of output: enough for all cores, and for little to be lost with one. */
  static int tasks(long rows, long rowsOfOutput, int slots, int cores) {
    long bySlots = rowsOfOutput / ((long) ROWS_A_SLOT * slots);
    long most = (long) MOST_TASKS_A_CORE * cores;
    return (int) Math.max(1, Math.min(rows, Math.max(cores, Math.min(bySlots, most))));
  }

  /** The first row of a task; the first behind all where it is the number of tasks. */
  static long firstOf(int task, int tasks, long rows) {
    // Without an overflow: the first rows % tasks of them have one more.
    return rows / tasks * task + Math.min(task, rows % tasks);
  }

  /** The task that has a row: the one whose first row is the last at or before it. */
  static int taskOf(long row, int tasks, long rows) {
    long each = rows / tasks;
    long larger = rows % tasks; // so many tasks, the first ones, have one row more
    return (int)
        (row < larger * (each + 1)
            ? row / (each + 1)
            : larger + (row - larger * (each + 1)) / Math.max(1, each));
  }
}
