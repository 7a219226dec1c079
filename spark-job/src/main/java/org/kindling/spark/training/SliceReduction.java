package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.session.JobDescription;
import org.kindling.spark.settings.WireType;
import scala.Tuple2;

/**
 * Each task cuts its vectors into as many slices as there are tasks. A shuffle brings slice i of
 * all of them to one task, which adds them; the driver receives one vector, whatever the number of
 * tasks.
 *
 * <pre>
 * map      task 0:  a0 b0 c0      task 1:  a1 b1 c1      task 2:  a2 b2 c2
 * reduce   a0 + a1 + a2           b0 + b1 + b2           c0 + c1 + c2
 * driver   a b c
 * </pre>
 */
record SliceReduction() implements Reduction {

  /** One slice of a task's vectors; {@code place} is the task's place among all. */
  private record Part(int place, TaskGradient slice) implements Serializable {}

  private record SliceSum(Parcel sum, List<TaskReport> reports, long bytes)
      implements Serializable {}

  @Override
  public GradientSum sum(JavaRDD<Shard> shards, GradientTask task) {
    int slices = shards.getNumPartitions();
    WireType wire = task.plan().wire();
    long broadcast = task.broadcast();
    JavaRDD<SliceSum> sums =
        shards
            .mapPartitionsToPair(own -> cut(task.of(own), slices))
            .partitionBy(new HashPartitioner(slices)) // slice i goes to task i
            .mapPartitions(parts -> List.of(add(parts, wire, broadcast)).iterator());
    try {
      return join(
          JobDescription.nameStage(
              JavaSparkContext.fromSparkContext(shards.context()),
              "step %d: sums of slices".formatted(task.step() + 1),
              sums::collect));
    } finally {
      // Spark would keep each step's files until it collects this RDD as garbage.
      sums.rdd().cleanShuffleDependencies(false);
    }
  }

  private static Iterator<Tuple2<Integer, Part>> cut(TaskGradient found, int slices) {
    int place = TaskContext.getPartitionId();
    return IntStream.range(0, slices)
        .mapToObj(slice -> new Tuple2<>(slice, new Part(place, slice(found, slice, slices))))
        .iterator();
  }

  private static TaskGradient slice(TaskGradient found, int slice, int slices) {
    List<FloatVector> cut =
        found.gradients().stream().map(vector -> vector.part(slice, slices)).toList();
    return new TaskGradient(cut, slice == 0 ? found.report() : null);
  }

  private static SliceSum add(
      Iterator<Tuple2<Integer, Part>> received, WireType wire, long broadcast) {
    List<Part> parts = new ArrayList<>(); // in the order in which they happened to come
    received.forEachRemaining(part -> parts.add(part._2));
    parts.sort(Comparator.comparingInt(Part::place));
    GradientSum sum =
        GradientSum.of(parts.stream().map(Part::slice).toList(), wire, unused -> {}, false);
    Parcel left = Parcel.leave(new FloatVector(sum.gradient(), wire), broadcast, 0);
    return new SliceSum(left, sum.reports(), sum.bytes());
  }

  private static GradientSum join(List<SliceSum> slices) {
    int length = slices.stream().mapToInt(slice -> slice.sum.pieces().length()).sum();
    float[] gradient = TaskSpace.ofThisJvm().borrowVector(length);
    List<CompletableFuture<Void>> arriving = new ArrayList<>();
    long bytes = 0;
    int at = 0;
    for (SliceSum slice : slices) {
      arriving.add(slice.sum.fetch(gradient, at));
      at += slice.sum.pieces().length();
      bytes +=
          slice.bytes + FloatVector.bytes(slice.sum.pieces().length(), slice.sum.pieces().wire());
    }
    Parcel.await(arriving);
    return new GradientSum(gradient, slices.get(0).reports, bytes);
  }
}
