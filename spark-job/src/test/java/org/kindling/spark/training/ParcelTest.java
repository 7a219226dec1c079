package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Test;
import org.kindling.spark.settings.WireType;
import scala.collection.Iterator;

class ParcelTest {
  private static final int LENGTH = (1 << 19) + 3;

  /** More than one piece, of two tasks, and nothing at all. */
  @Test
  void whatTasksLeaveIsFetchedToWhereItBelongs() {
    try (JavaSparkContext spark = SmallRun.spark("local[2]")) {
      Broadcast<Integer> life = spark.broadcast(0); // Spark removes its blocks once it is garbage
      long broadcast = life.id();
      List<Parcel> parcels =
          new Leave(broadcast).runOn(spark.parallelize(List.of(0, 1), 2), Parcel.class);
      float[] into = new float[2 * LENGTH];

      Parcel.await(
          List.of(
              parcels.get(0).fetch(into, 0),
              parcels.get(1).fetch(into, LENGTH),
              new Parcel(parcels.get(0).at(), new Pieces(broadcast, "none", 0, 1, WireType.F32))
                  .fetch(new float[0], 0)));

      assertThat(Arrays.equals(into, 0, LENGTH, vector(0), 0, LENGTH)).isTrue();
      assertThat(Arrays.equals(into, LENGTH, 2 * LENGTH, vector(1), 0, LENGTH)).isTrue();
      life.destroy();
    }
  }

  @Test
  void whatIsGoneIsSaidToBeLost() {
    try (JavaSparkContext spark = SmallRun.spark("local[1]")) {
      Parcel gone =
          new Parcel(
              SparkEnv.get().blockManager().blockManagerId(),
              new Pieces(spark.broadcast(0).id(), "parcel_1_0", 5, 5, WireType.F32));

      assertThatThrownBy(() -> Parcel.await(List.of(gone.fetch(new float[5], 0))))
          .isInstanceOf(Parcel.LostException.class)
          .hasMessageStartingWith("a gradient was lost on its way: ");
    }
  }

  private static float[] vector(int task) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = i + task / 2f;
    }
    return values;
  }

  private static final class Leave extends PartitionTask<Integer, Parcel> {
    private static final long serialVersionUID = 1;

    private final long broadcast;

    Leave(long broadcast) {
      this.broadcast = broadcast;
    }

    @Override
    public Parcel apply(TaskContext context, Iterator<Integer> none) {
      return Parcel.leave(
          new FloatVector(vector(context.partitionId()), WireType.F32), broadcast, 0);
    }
  }
}
