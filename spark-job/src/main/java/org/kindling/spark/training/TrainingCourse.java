package org.kindling.spark.training;

import org.kindling.spark.run.TrainingState;
import org.kindling.spark.settings.TrainSettings;

/** How far training is, the validation losses so far, and what is due at a step. */
final class TrainingCourse {
  private final TrainingState start;
  private final TrainSettings settings;
  private double bestLoss;
  private int bestStep;
  private int withoutProgress;

  /** The last step that is done, and the last one of which there is a checkpoint. */
  int lastStep;

  int savedStep;

  boolean stopped;

  TrainingCourse(TrainingState start, TrainSettings settings) {
    this.start = start;
    this.settings = settings;
    this.bestLoss = start.bestLoss();
    this.bestStep = start.bestStep();
    this.withoutProgress = start.evaluationsWithoutProgress();
    this.lastStep = start.step();
    this.savedStep = start.step();
  }

  /** Whether there is another step. */
  boolean goesOn() {
    return !isComplete() && !stopped && !lacksProgress();
  }

  boolean isComplete() {
    return lastStep >= settings.steps();
  }

  boolean lacksProgress() {
    return settings.earlyStop() > 0 && withoutProgress >= settings.earlyStop();
  }

  /** How many steps will be done at the next evaluation. */
  int nextEvaluation() {
    long next = (lastStep / settings.evalEvery() + 1L) * settings.evalEvery();
    return (int) Math.min(next, settings.steps());
  }

  /** Takes an evaluation of the last step. */
  void note(double loss) {
    if (loss < bestLoss) {
      bestLoss = loss;
      bestStep = lastStep;
      withoutProgress = 0;
    } else {
      withoutProgress++;
    }
  }

  /** Whether the last step is the best so far. */
  boolean isBest() {
    return bestStep == lastStep;
  }

  /** Whether the last step has a line of metrics, even if it was not evaluated. */
  boolean isLogged() {
    return isComplete() || lastStep % settings.logEvery() == 0;
  }

  /** Whether the last step has a checkpoint. */
  boolean isSaved() {
    return !goesOn() || isBest() || lastStep % settings.checkpointEvery() == 0;
  }

  /** What a checkpoint of the last step says. */
  TrainingState state() {
    return start.after(lastStep, bestLoss, bestStep, withoutProgress);
  }

  /** How training ended. */
  Trainer.Outcome outcome() {
    return new Trainer.Outcome(lastStep, bestLoss, bestStep, stopped);
  }
}
