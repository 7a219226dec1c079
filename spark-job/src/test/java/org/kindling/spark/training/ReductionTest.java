package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kindling.spark.StageNames;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.settings.ReductionType;
import org.kindling.spark.settings.WireType;

/** Whoever adds the gradients of four shards, the bits are the same. */
class ReductionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void driverTasksAndStandingTasksAddToTheSameBits(WireType wire) throws IOException {
    try (SmallRun small = SmallRun.on("local[2]", folder, wire(wire), "train.reduction=collect")) {
      StepPlan plan = plan(small);
      float[] weights = small.begin().weights();
      GradientJob.Result standing;
      try (GradientJob job = new StandingJob(small.spark, plan, small.shards)) {
        standing = job.run(weights, 3, 3);
      }
      long vector = FloatVector.bytes(weights.length, wire);
      MemoryNeeds needs = MemoryNeeds.of(small.settings.train(), small.model);
      for (int tasks : new int[] {1, 2, 4}) {
        JavaRDD<Shard> shards = small.corpus.trainingShards(small.model.context(), 4, tasks);
        assertThat(shards.getNumPartitions()).isEqualTo(tasks);
        int vectors = wire == WireType.BF16 ? 4 : tasks; // each shard's, or each task's

        GradientJob.Result collected = run(small, plan, shards, new Reduction.Collected());
        GradientJob.Result bySlices = run(small, plan, shards, new SliceReduction());

        assertThat(collected.gradient()).containsExactly(standing.gradient());
        assertThat(bySlices.gradient()).containsExactly(standing.gradient());
        assertThat(bySlices.lossSum()).isEqualTo(collected.lossSum()).isEqualTo(standing.lossSum());
        assertThat(bySlices.tokens()).isEqualTo(collected.tokens()).isEqualTo(16 * 8);
        assertThat(collected.bytesSent()).isEqualTo((1 + vectors) * vector);
        assertThat(needs.received(tasks)).isEqualTo(vectors);
        assertThat(bySlices.bytesSent()).as("and the sum").isEqualTo((2 + vectors) * vector);
      }
    }
  }

  /** One task of four shards: what it held is idle afterwards, and has values other than 0. */
  @ParameterizedTest
  @EnumSource
  void aTaskHoldsAsManyVectorsAsMemoryNeedsSays(WireType wire) throws IOException {
    try (SmallRun small = SmallRun.on("local[1]", folder, wire(wire))) {
      TaskSpace space = TaskSpace.ofThisJvm();
      space.clear();
      try (GradientJob job = new StandingJob(small.spark, plan(small), small.shards)) {
        job.release(job.run(small.begin().weights(), 3, 3).gradient());

        int size = small.begin().weights().length;
        int held = 0;
        while (!Arrays.equals(space.borrowVector(size), new float[size])) {
          held++;
        }
        MemoryNeeds needs = MemoryNeeds.of(small.settings.train(), small.model);
        assertThat(held).isEqualTo(needs.held(1)).isEqualTo(wire == WireType.F32 ? 3 : 4);
      }
    }
  }

  @Test
  void aClosedJobLeavesNothingIdle() throws IOException {
    try (SmallRun small = SmallRun.on("local[1]", folder)) {
      for (GradientJob job :
          List.of(
              new StandingJob(small.spark, plan(small), small.shards),
              new StepJob(small.spark, plan(small), small.shards, new Reduction.Collected()))) {
        float[] gradient;
        try (job) {
          gradient = job.run(small.begin().weights(), 3, 3).gradient();
          job.release(gradient);
        }
        assertThat(TaskSpace.ofThisJvm().borrowVector(gradient.length)).isNotSameAs(gradient);
      }
    }
  }

  private static String wire(WireType wire) {
    return "train.wire=" + wire.name().toLowerCase(Locale.ROOT);
  }

  private static GradientJob.Result run(
      SmallRun small, StepPlan plan, JavaRDD<Shard> shards, Reduction reduction) {
    try (GradientJob job = new StepJob(small.spark, plan, shards, reduction)) {
      return job.run(small.begin().weights(), 3, 3);
    }
  }

  private static StepPlan plan(SmallRun small) {
    var train = small.settings.train();
    return new StepPlan(
        small.model,
        train.kernels(),
        train.skipZeros(),
        train.seed(),
        train.batchSize(),
        train.shards(),
        2,
        train.wire());
  }

  @Test
  void sparksPagesSayWhichStepAStageBelongsTo() throws IOException {
    List<String> names =
        StageNames.during(
            () -> {
              try (SmallRun small = SmallRun.on("local[2]", folder)) {
                run(small, plan(small), small.shards, new Reduction.Collected());
                run(small, plan(small), small.shards, new SliceReduction());
              }
            });

    assertThat(names)
        .endsWith(
            "build training shards",
            "step 4: gradients",
            "step 4: gradients",
            "step 4: sums of slices");
  }

  @Test
  void roundingChangesTheGradientALittle() throws IOException {
    float[] exact = gradient("train.wire=f32");
    float[] rounded = gradient("train.wire=bf16");

    double difference = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += Math.pow(exact[i] - rounded[i], 2);
      norm += Math.pow(exact[i], 2);
      assertThat(Float.floatToRawIntBits(rounded[i]) & 0xffff).isZero();
    }
    assertThat(Math.sqrt(difference / norm)).isBetween(1e-4, 2e-2);
  }

  private float[] gradient(String wire) throws IOException {
    try (SmallRun small = SmallRun.on("local[2]", folder, wire);
        GradientJob job = new StandingJob(small.spark, plan(small), small.shards)) {
      return job.run(small.begin().weights(), 3, 3).gradient();
    }
  }

  @Test
  void theDriverAddsWhatIsLittleOrComesFromFew() {
    assertThat(Reduction.of(ReductionType.AUTO, 2, 1L << 40))
        .isInstanceOf(Reduction.Collected.class);
    assertThat(Reduction.vectors(WireType.F32, 8, 2)).isEqualTo(2);
    assertThat(Reduction.vectors(WireType.BF16, 8, 2)).isEqualTo(8);
    assertThat(Reduction.of(ReductionType.AUTO, 8, 1 << 20))
        .isInstanceOf(Reduction.Collected.class);
    assertThat(Reduction.of(ReductionType.AUTO, 4, 3 << 20)).isInstanceOf(SliceReduction.class);
    assertThat(Reduction.of(ReductionType.COLLECT, 64, 1L << 40))
        .isInstanceOf(Reduction.Collected.class);
    assertThat(Reduction.of(ReductionType.SHUFFLE, 1, 4)).isInstanceOf(SliceReduction.class);
  }
}
