package org.kindling.spark.training;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.optimizer.AdamW;
import org.kindling.model.optimizer.AdamWSettings;
import org.kindling.model.optimizer.GlobalNorm;
import org.kindling.model.optimizer.Schedule;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.corpus.WindowShard;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.CheckpointStore;
import org.kindling.spark.run.CheckpointWriter;
import org.kindling.spark.run.MetricsLog;
import org.kindling.spark.run.TrainingState;
import org.kindling.spark.settings.TrainSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training loop, on the driver. A step is:
 *
 * <ol>
 *   <li>{@link GradientJob}: tasks return the sum of the gradients of all tokens' losses, added in
 *       a fixed tree;
 *   <li>the sum is divided by the number of tokens: here gradients are averaged;
 *   <li>the average is clipped by its global norm;
 *   <li>{@link AdamW} updates the weights.
 * </ol>
 *
 * <p>Evaluations, checkpoints and metrics come between steps and change nothing in them.
 */
public final class Trainer {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final JavaSparkContext spark;
  private final TrainSettings settings;
  private final ParameterLayout layout;
  private final GradientJob gradients;
  private final Optional<Evaluation> evaluation;
  private final CheckpointStore checkpoints;
  private final MetricsLog metrics;
  private final TrainingListener listener;

  /**
   * How training ended.
   *
   * @param steps how many steps are done
   * @param bestLoss lowest validation loss; infinite without a validation split
   * @param bestStep where it was
   * @param stopped whether it was asked to stop
   */
  public record Outcome(int steps, double bestLoss, int bestStep, boolean stopped) {}

  /**
   * @param settings with the number of shards decided
   * @param shards K of them, resident on the executors
   * @param windows of the validation split; empty to train without evaluation
   */
  public Trainer(
      JavaSparkContext spark,
      TrainSettings settings,
      ModelSettings model,
      JavaRDD<Shard> shards,
      Optional<JavaRDD<WindowShard>> windows,
      CheckpointStore checkpoints,
      MetricsLog metrics,
      TrainingListener listener) {
    this.spark = spark;
    this.settings = settings;
    this.layout = ParameterLayout.of(model);
    int microBatch = settings.microBatchFor(settings.shards(), model.context());
    StepPlan plan =
        new StepPlan(
            model,
            settings.kernels(),
            settings.seed(),
            settings.batchSize(),
            settings.shards(),
            microBatch,
            settings.wire());
    this.gradients = GradientJob.of(spark, plan, shards, settings.reduction());
    this.evaluation =
        windows.map(rdd -> new Evaluation(spark, model, settings.kernels(), microBatch, rdd));
    this.checkpoints = checkpoints;
    this.metrics = metrics;
    this.listener = listener;
  }

  /**
   * Trains from a checkpoint, whose vectors it takes over and changes, to the last step, the early
   * stop, or the step in which it is asked to stop; there is a checkpoint of where it ends.
   *
   * <p>A job that fails once the stop is asked for ends training, too, after the last step that is
   * done, or, in an evaluation, at the last checkpoint: Ctrl-C in a terminal reaches executors that
   * were started from it, too, and they go.
   *
   * @param stop asked after each step, and when a job has failed
   * @throws InputException when the loss or the gradient is not finite; the message names the step
   *     and the last checkpoint
   */
  public Outcome run(Checkpoint start, BooleanSupplier stop) {
    float[] weights = start.weights();
    AdamW optimizer =
        new AdamW(
            layout,
            new AdamWSettings(
                settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay()),
            start.firstMoment(),
            start.secondMoment());
    Schedule schedule = schedule();
    TrainingProgress progress = new TrainingProgress(start.state());
    StepTimes times = new StepTimes();
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints)) {
      for (int step = start.step(); step < settings.steps() && !progress.ends(settings); step++) {
        long began = System.nanoTime();
        double learningRate = schedule.at(step);
        int current = step;
        Optional<GradientJob.Result> computed =
            unlessStopped(
                () -> gradients.run(weights, current, nextEvaluation(current) - 1L), stop);
        if (computed.isEmpty()) {
          progress.stopped = true;
          if (progress.lastStep > progress.savedStep) {
            save(writer, weights, optimizer, progress, false);
          }
          break;
        }
        GradientJob.Result result = computed.get();

        long reduced = System.nanoTime();
        double loss = result.lossSum() / result.tokens();
        double norm = GlobalNorm.of(result.gradient()) / result.tokens();
        requireFinite(step + 1, loss, norm, writer);
        double scale = clipFactor(norm) / result.tokens();
        optimizer.step(weights, result.gradient(), scale, learningRate, step + 1L);
        gradients.release(result.gradient());
        long ended = System.nanoTime();

        times.add(result, (ended - began) / 1e6, (ended - reduced) / 1e6);
        int done = step + 1;
        progress.lastStep = done;
        listener.stepped(done, loss, learningRate, times.tokensPerSecond());
        boolean isLast = done == settings.steps();
        boolean isBest = false;
        Double validationLoss = null;
        if (evaluation.isPresent() && done == nextEvaluation(step)) {
          Optional<Evaluation.Result> evaluated =
              unlessStopped(() -> evaluation.get().run(weights), stop);
          if (evaluated.isEmpty()) { // whoever continued behind this step would miss its evaluation
            progress.stopped = true;
            progress.lastStep = progress.savedStep;
            break;
          }
          validationLoss = evaluated.get().loss();
          isBest = progress.note(done, validationLoss);
          listener.evaluated(done, validationLoss, isBest);
          listener.evaluatedWeights(done, weights);
        }
        if (isLast || validationLoss != null || done % settings.logEvery() == 0) {
          var line = times.line(done, loss, validationLoss, learningRate, norm);
          metrics.append(line);
          listener.logged(line);
        }
        progress.stopped = !isLast && stop.getAsBoolean();
        if (isLast || isBest || done % settings.checkpointEvery() == 0 || progress.ends(settings)) {
          save(writer, weights, optimizer, progress, isBest);
        }
      }
      writer.await();
    } finally {
      gradients.close();
      if (spark.isLocal()) {
        TaskSpace.ofThisJvm().clear();
      }
    }
    if (progress.lacksProgress(settings)) {
      LOG.info(
          "stopped early: no progress in {} evaluations since step {}",
          settings.earlyStop(),
          progress.bestStep);
    }
    return new Outcome(progress.lastStep, progress.bestLoss, progress.bestStep, progress.stopped);
  }

  /** What a Spark job finds; nothing if it fails after the stop was asked for. */
  private static <R> Optional<R> unlessStopped(Supplier<R> job, BooleanSupplier stop) {
    try {
      return Optional.of(job.get());
    } catch (Exception e) { // Scala's checked exceptions are not declared
      if (e instanceof InputException || !stop.getAsBoolean()) {
        throw e;
      }
      LOG.info(
          "stopped in the midst of a job: {}",
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return Optional.empty();
    }
  }

  private void save(
      CheckpointWriter writer,
      float[] weights,
      AdamW optimizer,
      TrainingProgress progress,
      boolean isBest) {
    TrainingState state = progress.state();
    writer.save(
        new Checkpoint(weights, optimizer.firstMoment(), optimizer.secondMoment(), state),
        isBest,
        settings.keepLast());
    metrics.flush();
    progress.savedStep = progress.lastStep;
  }

  /** How many steps will be done at the next evaluation, when {@code done} are. */
  private int nextEvaluation(int done) {
    long next = (done / settings.evalEvery() + 1L) * settings.evalEvery();
    return (int) Math.min(next, settings.steps());
  }

  private Schedule schedule() {
    double rate = settings.learningRate();
    double minimum = settings.minLearningRate();
    int warmup = settings.warmupSteps();
    return switch (settings.schedule()) {
      case CONSTANT -> new Schedule.Constant(rate, warmup);
      case COSINE -> new Schedule.Cosine(rate, minimum, warmup, settings.steps());
      case LINEAR -> new Schedule.Linear(rate, minimum, warmup, settings.steps());
    };
  }

  /** What the averaged gradient is multiplied by so that its norm is at most the limit. */
  private double clipFactor(double norm) {
    return settings.clip() == 0 ? 1 : Math.min(1, settings.clip() / (norm + 1e-6));
  }

  private void requireFinite(int step, double loss, double norm, CheckpointWriter writer) {
    if (Double.isFinite(loss) && Double.isFinite(norm)) {
      return;
    }
    writer.await();
    throw new InputException(
        "step %d: the loss is %s and the gradient's norm %s; the last checkpoint is %s; try a lower train.learning-rate or train.clip"
            .formatted(step, loss, norm, checkpoints.latest().orElse("none yet")));
  }
}
