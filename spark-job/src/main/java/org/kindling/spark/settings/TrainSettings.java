package org.kindling.spark.settings;

import java.io.Serializable;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.optimizer.AdamWSettings;
import org.kindling.model.optimizer.Schedule;
import org.kindling.spark.InputException;

/** How the model is trained; {@code defaults.conf} says what each setting means. */
public record TrainSettings(
    int steps,
    int batchSize,
    int microBatch,
    int shards,
    double learningRate,
    double minLearningRate,
    ScheduleType schedule,
    int warmupSteps,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clip,
    int evalEvery,
    int evalWindows,
    int logEvery,
    int checkpointEvery,
    int keepLast,
    int earlyStop,
    int sampleTokens,
    long seed,
    KernelChoice kernels,
    boolean skipZeros,
    WireType wire,
    ReductionType reduction)
    implements Serializable {
  private static final int TOKENS_A_PASS = 512;
  private static final int TOKENS_A_SKIPPING_PASS = 1024;

  public TrainSettings {
    Rule.atLeast(1, "train.steps", steps);
    Rule.atLeast(1, "train.batch-size", batchSize);
    Rule.atLeast(0, "train.micro-batch", microBatch);
    Rule.check(
        shards == 0 || (shards > 0 && Integer.bitCount(shards) == 1),
        "train.shards",
        shards,
        "must be a power of two, or 0 to choose at the first start");
    Rule.check(
        shards == 0 || batchSize % shards == 0,
        "train.shards",
        shards,
        "must divide train.batch-size = " + batchSize);
    Rule.check(
        learningRate > 0 && Double.isFinite(learningRate),
        "train.learning-rate",
        learningRate,
        "must be above 0 and finite");
    Rule.check(
        minLearningRate >= 0 && Double.isFinite(minLearningRate),
        "train.min-learning-rate",
        minLearningRate,
        "must be at least 0 and finite");
    Rule.check(
        schedule == ScheduleType.CONSTANT || minLearningRate <= learningRate,
        "train.min-learning-rate",
        minLearningRate,
        "must be at most train.learning-rate = " + learningRate);
    Rule.atLeast(0, "train.warmup-steps", warmupSteps);
    new AdamWSettings(beta1, beta2, epsilon, weightDecay); // only for its checks
    Rule.check(
        clip >= 0 && Double.isFinite(clip),
        "train.clip",
        clip,
        "must be above 0 and finite, or 0 for none");
    Rule.atLeast(1, "train.eval-every", evalEvery);
    Rule.atLeast(0, "train.eval-windows", evalWindows);
    Rule.atLeast(1, "train.log-every", logEvery);
    Rule.atLeast(1, "train.checkpoint-every", checkpointEvery);
    Rule.atLeast(1, "train.keep-last", keepLast);
    Rule.atLeast(0, "train.early-stop", earlyStop);
    Rule.atLeast(0, "train.sample-tokens", sampleTokens);
    if (shards > 0) {
      checkMicroBatch(batchSize, microBatch, shards);
    }
  }

  /**
   * The number of shards for a first start on {@code slots} cores: {@link #shards}, or the largest
   * power of two that divides the batch and is at most the slots.
   *
   * <p>A batch of 12 gives 2 shards on 2 or 3 slots, and 4 on 4 or more.
   */
  public int shardsFor(int slots) {
    if (shards > 0) {
      return shards;
    }
    int mostByBatch = Integer.lowestOneBit(batchSize);
    int mostBySlots = Integer.highestOneBit(Math.max(1, slots));
    return Math.min(mostByBatch, mostBySlots);
  }

  /**
   * How many sequences a replica computes at once when the batch is cut into {@code shards}: {@link
   * #microBatch}, or as many of a shard's share as make at most {@value #TOKENS_A_PASS} tokens.
   * More would not be faster, since a pass's activations leave the caches, and take more memory.
   * Where zeros are skipped, it is {@value #TOKENS_A_SKIPPING_PASS}, since each pass copies weights
   * for that.
   *
   * <p>A batch of 64 on 2 shards with a context of 256 gives passes of 2 sequences, or of 4.
   *
   * @throws InputException if the micro-batch does not divide the share; every pass has one shape
   */
  public int microBatchFor(int shards, ModelSettings model) {
    checkMicroBatch(batchSize, microBatch, shards);
    if (microBatch > 0) {
      return microBatch;
    }
    int share = batchSize / shards;
    int tokens = skipsZerosOf(model) ? TOKENS_A_SKIPPING_PASS : TOKENS_A_PASS;
    int sequences = Math.max(1, Math.min(share, tokens / model.context()));
    while (share % sequences != 0) {
      sequences--;
    }
    return sequences;
  }

  /** Whether products leave out zeros of this model. */
  public boolean skipsZerosOf(ModelSettings model) {
    return skipZeros && model.makesZeros();
  }

  private static void checkMicroBatch(int batchSize, int microBatch, int shards) {
    int share = batchSize / shards;
    Rule.check(
        microBatch == 0 || share % microBatch == 0,
        "train.micro-batch",
        microBatch,
        "must divide a shard's share of the batch, which is %d / %d = %d"
            .formatted(batchSize, shards, share));
  }

  /** The learning rate of each step. */
  public Schedule learningRates() {
    return switch (schedule) {
      case CONSTANT -> new Schedule.Constant(learningRate, warmupSteps);
      case COSINE -> new Schedule.Cosine(learningRate, minLearningRate, warmupSteps, steps);
      case LINEAR -> new Schedule.Linear(learningRate, minLearningRate, warmupSteps, steps);
    };
  }

  /** How the optimizer goes. */
  public AdamWSettings adamW() {
    return new AdamWSettings(beta1, beta2, epsilon, weightDecay);
  }

  TrainSettings withSkipZeros(boolean skips) {
    return SettingsRecords.with(TrainSettings.class, this, "skipZeros", skips);
  }

  TrainSettings withShards(int shards) {
    return SettingsRecords.with(TrainSettings.class, this, "shards", shards);
  }
}
