package org.kindling.spark.training;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.optimizer.AdamW;
import org.kindling.model.optimizer.GlobalNorm;
import org.kindling.model.optimizer.Schedule;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.corpus.WindowShard;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.CheckpointStore;
import org.kindling.spark.run.CheckpointWriter;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.MetricsLog;
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

  private final TrainSettings settings;
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
    this.settings = settings;
    StepPlan plan = StepPlan.of(settings, model);
    this.gradients = GradientJob.of(spark, plan, shards, settings.reduction());
    this.evaluation = windows.map(rdd -> new Evaluation(spark, plan.replicaShape(), rdd));
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
   * @throws InputException when a loss or the gradient is not finite; the message names the step
   *     and the last checkpoint
   */
  public Outcome run(Checkpoint start, BooleanSupplier stop) {
    TrainingCourse course = new TrainingCourse(start.state(), settings);
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints)) {
      Run run = new Run(start, course, writer, stop);
      while (course.goesOn()) {
        run.step();
      }
      writer.await();
    } finally {
      gradients.close();
    }
    Outcome outcome = course.outcome();
    if (course.lacksProgress()) {
      LOG.info(
          "stopped early: no progress in {} evaluations since step {}",
          settings.earlyStop(),
          outcome.bestStep());
    }
    return outcome;
  }

  /** What changes from step to step. */
  private final class Run {
    private final float[] weights;
    private final AdamW optimizer;
    private final Schedule learningRates = settings.learningRates();
    private final TrainingCourse course;
    private final StepTimes times = new StepTimes();
    private final CheckpointWriter writer;
    private final BooleanSupplier stop;

    Run(Checkpoint start, TrainingCourse course, CheckpointWriter writer, BooleanSupplier stop) {
      this.weights = start.weights();
      this.optimizer =
          new AdamW(
              ParameterLayout.of(start.state().model()),
              settings.adamW(),
              start.firstMoment(),
              start.secondMoment());
      this.course = course;
      this.writer = writer;
      this.stop = stop;
    }

    /** The next step, and the evaluation, line of metrics and checkpoint that come behind it. */
    void step() {
      int step = course.lastStep;
      int nextEvaluation = course.nextEvaluation();
      long began = System.nanoTime();
      Optional<GradientJob.Result> sum =
          unlessStopped(() -> gradients.run(weights, step, nextEvaluation - 1L));
      if (sum.isEmpty()) {
        if (course.lastStep > course.savedStep) {
          save();
        }
        return;
      }
      Update update = update(sum.get(), step, began);
      course.lastStep++;
      listener.stepped(
          course.lastStep, update.loss(), update.learningRate(), times.tokensPerSecond());
      Double validationLoss = null;
      if (evaluation.isPresent() && course.lastStep == nextEvaluation) {
        Optional<Evaluation.Result> evaluated = unlessStopped(() -> evaluation.get().run(weights));
        if (evaluated.isEmpty()) { // whoever continued behind this step would miss its evaluation
          course.lastStep = course.savedStep;
          return;
        }
        validationLoss = evaluated.get().loss();
        requireFinite(course.lastStep, writer, "the validation loss is %s", validationLoss);
        course.note(validationLoss);
        listener.evaluated(course.lastStep, validationLoss, course.isBest());
        listener.evaluatedWeights(course.lastStep, weights);
      }
      if (validationLoss != null || course.isLogged()) {
        log(update, validationLoss);
      }
      course.stopped = !course.isComplete() && stop.getAsBoolean();
      if (course.isSaved()) {
        save();
      }
    }

    /** Averages the gradients over the step's tokens, clips the average, and applies it. */
    private Update update(GradientJob.Result sum, int step, long began) {
      long reduced = System.nanoTime();
      double loss = sum.lossSum() / sum.tokens();
      double norm = GlobalNorm.of(sum.gradient()) / sum.tokens();
      requireFinite(step + 1, writer, "the loss is %s and the gradient's norm %s", loss, norm);
      double learningRate = learningRates.at(step);
      double scale = clipFactor(norm) / sum.tokens();
      optimizer.step(weights, sum.gradient(), scale, learningRate, step + 1L);
      gradients.release(sum.gradient());
      long ended = System.nanoTime();
      times.add(sum, (ended - began) / 1e6, (ended - reduced) / 1e6);
      return new Update(loss, norm, learningRate);
    }

    private void log(Update update, Double validationLoss) {
      Metrics line =
          times.line(
              course.lastStep, update.loss(), validationLoss, update.learningRate(), update.norm());
      metrics.append(line);
      listener.logged(line);
    }

    private void save() {
      writer.save(
          new Checkpoint(
              weights, optimizer.firstMoment(), optimizer.secondMoment(), course.state()),
          course.isBest(),
          settings.keepLast());
      metrics.flush();
      course.savedStep = course.lastStep;
    }

    /** What a Spark job finds; nothing if it fails after the stop was asked for, which ends all. */
    private <R> Optional<R> unlessStopped(Supplier<R> job) {
      try {
        return Optional.of(job.get());
      } catch (Exception e) { // Scala's checked exceptions are not declared
        if (e instanceof InputException || !stop.getAsBoolean()) {
          throw e;
        }
        LOG.info(
            "stopped in the midst of a job: {}",
            String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        course.stopped = true;
        return Optional.empty();
      }
    }
  }

  /**
   * What a step did to the weights.
   *
   * @param loss mean over its tokens, in nats
   * @param norm of the averaged gradient, before clipping
   */
  private record Update(double loss, double norm, double learningRate) {}

  /** What the averaged gradient is multiplied by so that its norm is at most the limit. */
  private double clipFactor(double norm) {
    return settings.clip() == 0 ? 1 : Math.min(1, settings.clip() / (norm + 1e-6));
  }

  /** Ends a run that has diverged, before anything of it is saved. */
  private void requireFinite(int step, CheckpointWriter writer, String found, Double... values) {
    if (Arrays.stream(values).allMatch(Double::isFinite)) {
      return;
    }
    writer.await();
    throw new InputException(
        "step %d: %s; the last checkpoint is %s; try a lower train.learning-rate or train.clip"
            .formatted(
                step, found.formatted((Object[]) values), checkpoints.latest().orElse("none yet")));
  }
}
