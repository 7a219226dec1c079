package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.run.CheckpointStore;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.settings.ReductionType;

class TrainerTest {
  @TempDir Path folder;

  @Test
  void theLossStartsAtThatOfGuessingAndFalls() throws IOException {
    SmallRun.Heard heard = new SmallRun.Heard();
    try (SmallRun small = SmallRun.on("local[2]", folder, "train.steps=150", "model.dropout=0")) {
      Trainer.Outcome outcome = small.train(small.begin(), small.shards, heard);

      double guessing = Math.log(small.model.vocabulary());
      assertThat(heard.losses).hasSize(150);
      assertThat(heard.losses.get(0)).isCloseTo(guessing, within(0.02 * guessing));
      assertThat(heard.losses.get(149)).isLessThan(0.6 * guessing);
      assertThat(outcome.bestLoss()).isLessThan(0.6 * guessing);
      assertThat(outcome.steps()).isEqualTo(150);
    }
  }

  @Test
  void evaluationsCheckpointsAndMetricsComeAsConfigured() throws IOException {
    SmallRun.Heard heard = new SmallRun.Heard();
    try (SmallRun small =
        SmallRun.on(
            "local[2]",
            folder,
            "train.steps=10",
            "train.eval-every=4",
            "train.log-every=3",
            "train.checkpoint-every=5",
            "train.keep-last=10")) {
      Trainer.Outcome outcome = small.train(small.begin(), small.shards, heard);

      CheckpointStore checkpoints = small.run.checkpoints();
      assertThat(heard.evaluated).containsExactly(4, 8, 10);
      assertThat(checkpoints.names())
          .as("every fifth step, the last, and each that is the best so far")
          .containsExactly("step-00000004", "step-00000005", "step-00000008", "step-00000010");
      assertThat(checkpoints.latest()).contains("step-00000010");
      assertThat(checkpoints.best()).contains("step-%08d".formatted(outcome.bestStep()));
      assertThat(checkpoints.state("best").bestLoss()).isEqualTo(outcome.bestLoss());
      List<Metrics> lines = small.run.readMetrics();
      assertThat(lines).extracting(Metrics::step).containsExactly(3, 4, 6, 8, 9, 10);
      assertThat(lines)
          .extracting(Metrics::validationLoss)
          .containsExactly(
              null,
              heard.validationLosses.get(0),
              null,
              heard.validationLosses.get(1),
              null,
              heard.validationLosses.get(2));
      assertThat(lines)
          .allSatisfy(
              line -> {
                assertThat(line.trainLoss()).isEqualTo(heard.losses.get(line.step() - 1));
                assertThat(line.gradientNorm()).isPositive();
                assertThat(line.tokensPerSecond()).isPositive();
                assertThat(line.bytesSent()).as("one heap").isZero();
                assertThat(line.weightsMillis() + line.computeMillis() + line.reduceMillis())
                    .isLessThanOrEqualTo(line.stepMillis());
              });
    }
  }

  /** A rate at which the model can only get worse: the first evaluation is the best. */
  @Test
  void trainingStopsEarlyWithoutProgress() throws IOException {
    SmallRun.Heard heard = new SmallRun.Heard();
    try (SmallRun small =
        SmallRun.on(
            "local[2]",
            folder,
            "train.steps=50",
            "train.eval-every=1",
            "train.early-stop=2",
            "train.learning-rate=1",
            "train.schedule=constant")) {
      Trainer.Outcome outcome = small.train(small.begin(), small.shards, heard);

      assertThat(outcome.steps()).isEqualTo(outcome.bestStep() + 2).isLessThan(50);
      CheckpointStore checkpoints = small.run.checkpoints();
      assertThat(checkpoints.latest()).contains("step-%08d".formatted(outcome.steps()));
      assertThat(checkpoints.best()).contains("step-%08d".formatted(outcome.bestStep()));
      assertThat(checkpoints.state("latest").evaluationsWithoutProgress()).isEqualTo(2);

      assertThat(small.train(checkpoints.load("latest"), small.shards, heard))
          .as("a stopped run that is resumed stays stopped")
          .isEqualTo(outcome);
    }
  }

  @Test
  void aResumedRunEndsWithTheSameBits() throws IOException {
    float[] uninterrupted;
    try (SmallRun small =
        SmallRun.on("local[2]", folder, "train.checkpoint-every=3", "train.keep-last=10")) {
      uninterrupted = small.train();
      SmallRun.Heard heard = new SmallRun.Heard();

      small.train(small.run.checkpoints().load("step-00000003"), small.shards, heard);

      assertThat(heard.losses).hasSize(5);
      assertThat(small.run.checkpoints().load("latest").weights()).containsExactly(uninterrupted);
    }
    try (SmallRun small = SmallRun.on("local[2]", folder, "train.seed=1")) {
      assertThat(small.train()).as("another seed").isNotEqualTo(uninterrupted);
    }
  }

  @Test
  void aStoppedRunLeavesACheckpointAndEndsWithTheSameBits() throws IOException {
    float[] uninterrupted;
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      uninterrupted = small.train();
    }
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      SmallRun.Heard heard = new SmallRun.Heard();
      Trainer.Outcome stopped =
          small.train(small.begin(), small.shards, heard, () -> heard.losses.size() == 5);

      assertThat(stopped.stopped()).isTrue();
      assertThat(stopped.steps()).isEqualTo(5);
      assertThat(small.run.checkpoints().names()).containsExactly("step-00000005");

      Trainer.Outcome resumed =
          small.train(small.run.checkpoints().load("latest"), small.shards, heard);

      assertThat(resumed.stopped()).isFalse();
      assertThat(small.run.checkpoints().load("latest").weights()).containsExactly(uninterrupted);
    }
  }

  /** As when Ctrl-C reaches the executors, too. */
  @Test
  void aJobThatFailsInTheStopLeavesTheLastStepsCheckpoint() throws IOException {
    float[] uninterrupted;
    try (SmallRun small = SmallRun.on("local[2]", folder, "train.eval-every=2")) {
      uninterrupted = small.train();
    }
    try (SmallRun small = SmallRun.on("local[2]", folder, "train.eval-every=2")) {
      JavaRDD<Shard> failing = small.shards.map(TrainerTest::failWhenGone);
      SmallRun.Heard heard =
          new SmallRun.Heard() {
            @Override
            public void evaluated(int step, double validationLoss, boolean isBest) {
              GONE.set(step == 4); // the next step is a new job's
            }
          };
      Trainer.Outcome stopped;
      try {
        stopped = small.train(small.begin(), failing, heard, STOPPED::get);
      } finally {
        GONE.set(false);
        STOPPED.set(false);
      }

      assertThat(stopped.stopped()).isTrue();
      assertThat(stopped.steps()).isEqualTo(4);
      assertThat(small.run.checkpoints().latest()).contains("step-00000004");

      small.train(small.run.checkpoints().load("latest"), small.shards, new SmallRun.Heard());

      assertThat(small.run.checkpoints().load("latest").weights()).containsExactly(uninterrupted);
    }
  }

  private static final AtomicBoolean GONE = new AtomicBoolean();
  private static final AtomicBoolean STOPPED = new AtomicBoolean();

  private static Shard failWhenGone(Shard shard) {
    if (GONE.get()) {
      STOPPED.set(true);
      throw new IllegalStateException("executors are gone");
    }
    return shard;
  }

  /** Bits must not depend on slots: with four shards, one task has all of them, or two have two. */
  @Test
  void theNumberOfTasksDoesNotMatter() throws IOException {
    float[] oneTask;
    try (SmallRun small = SmallRun.on("local[1]", folder)) {
      assertThat(small.shards.getNumPartitions()).isEqualTo(1);
      oneTask = small.train();
    }
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      assertThat(small.shards.getNumPartitions()).isEqualTo(2);
      assertThat(small.train()).containsExactly(oneTask);
    }
    try (SmallRun small = SmallRun.on("local[4]", folder)) {
      assertThat(small.shards.getNumPartitions()).isEqualTo(4);
      assertThat(small.train()).containsExactly(oneTask);
    }
  }

  /** As with {@code spark.default.parallelism} above the number of cores. */
  @Test
  void moreTasksThanSlotsTakeTurns() throws IOException {
    float[] undisturbed;
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      undisturbed = small.train();
    }
    try (SmallRun small = SmallRun.on("local[1]", folder)) {
      JavaRDD<Shard> fourTasks = small.corpus.trainingShards(small.model.context(), 4, 4);
      assertThat(fourTasks.getNumPartitions()).isEqualTo(4);
      small.train(small.begin(), fourTasks, new SmallRun.Heard());

      assertThat(small.run.checkpoints().load("latest").weights()).containsExactly(undisturbed);
    }
  }

  @Test
  void aJobThatFailsStopsTraining() throws IOException {
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      JavaRDD<Shard> failing = small.shards.map(TrainerTest::failAtFirst);
      assertThatThrownBy(() -> small.train(small.begin(), failing, new SmallRun.Heard()))
          .hasMessageContaining("the first attempt fails on purpose");
    }
  }

  @Test
  void aRetriedTaskGivesTheSameBits() throws IOException {
    float[] undisturbed;
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      undisturbed = small.train();
    }
    // Up to three attempts a task.
    try (SmallRun small = SmallRun.on("local[2,3]", folder)) {
      JavaRDD<Shard> failing = small.shards.map(TrainerTest::failAtFirst);
      small.train(small.begin(), failing, new SmallRun.Heard());

      assertThat(small.run.checkpoints().load("latest").weights()).containsExactly(undisturbed);
    }
  }

  /** Each job's first attempt computes shard 2 and dies before shard 3. */
  private static Shard failAtFirst(Shard shard) {
    if (shard.index() == 3 && TaskContext.get().attemptNumber() == 0) {
      throw new IllegalStateException("the first attempt fails on purpose");
    }
    return shard;
  }

  /** Four micro-batches of one sequence, or one of four: the same sum but for rounding. */
  @Test
  void microBatchesAddUp() throws IOException {
    GradientJob.Result single = gradient("train.micro-batch=1");
    GradientJob.Result whole = gradient("train.micro-batch=4");

    assertThat(single.tokens()).isEqualTo(whole.tokens()).isEqualTo(16 * 8);
    assertThat(single.lossSum()).isCloseTo(whole.lossSum(), within(1e-4));
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < whole.gradient().length; i++) {
      difference += Math.pow(single.gradient()[i] - whole.gradient()[i], 2);
      norm += Math.pow(whole.gradient()[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
  }

  private GradientJob.Result gradient(String microBatch) throws IOException {
    try (SmallRun small = SmallRun.on("local[2]", folder, microBatch)) {
      StepPlan plan = StepPlan.of(small.settings.train(), small.model);
      try (GradientJob job = GradientJob.of(small.spark, plan, small.shards, ReductionType.AUTO)) {
        return job.run(small.begin().weights(), 5, 5);
      }
    }
  }

  /** The loss of the last step is that of the weights before it. */
  @Test
  void weightsThatAreNotFiniteAreNotSavedAsTheLast() throws IOException {
    try (SmallRun small =
        SmallRun.on(
            "local[2]",
            folder,
            "train.learning-rate=1e39",
            "train.warmup-steps=0",
            "train.schedule=constant",
            "train.steps=1")) {
      assertThatThrownBy(() -> small.train(small.begin(), small.shards, new SmallRun.Heard()))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "step 1: the validation loss is NaN; the last checkpoint is none yet; try a lower"
                  + " train.learning-rate or train.clip");
    }
  }

  @Test
  void aLossThatIsNotFiniteStopsTrainingAndNamesTheLastCheckpoint() throws IOException {
    try (SmallRun small =
        SmallRun.on(
            "local[2]",
            folder,
            "train.learning-rate=1e30",
            "train.warmup-steps=0",
            "train.schedule=constant",
            "train.checkpoint-every=1")) {
      assertThatThrownBy(() -> small.train(small.begin(), small.shards, new SmallRun.Heard()))
          .isInstanceOf(InputException.class)
          .hasMessageMatching(
              "step 2: the loss is \\S+ and the gradient's norm \\S+; the last checkpoint is"
                  + " step-00000001; try a lower train.learning-rate or train.clip");
    }
    try (SmallRun small =
        SmallRun.on(
            "local[2]",
            folder,
            "train.learning-rate=1e30",
            "train.warmup-steps=0",
            "train.schedule=constant")) {
      assertThatThrownBy(() -> small.train(small.begin(), small.shards, new SmallRun.Heard()))
          .hasMessageContaining("; the last checkpoint is none yet; ");
    }
  }
}
