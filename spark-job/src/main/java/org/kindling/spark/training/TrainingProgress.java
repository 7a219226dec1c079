package org.kindling.spark.training;

import org.kindling.spark.run.TrainingState;
import org.kindling.spark.settings.TrainSettings;

/** How far training is, and the validation losses so far. */
final class TrainingProgress {
  private final TrainingState start;
  double bestLoss;
  int bestStep;
  private int withoutProgress;

  /** The last step that is done, and the last one of which there is a checkpoint. */
  int lastStep;

  int savedStep;

  boolean stopped;

  TrainingProgress(TrainingState start) {
    this.start = start;
    this.bestLoss = start.bestLoss();
    this.bestStep = start.bestStep();
    this.withoutProgress = start.evaluationsWithoutProgress();
    this.lastStep = start.step();
    this.savedStep = start.step();
  }

  /** Takes an evaluation; true if it is the best so far. */
  boolean note(int step, double loss) {
    if (loss < bestLoss) {
      bestLoss = loss;
      bestStep = step;
      withoutProgress = 0;
      return true;
    }
    withoutProgress++;
    return false;
  }

  boolean ends(TrainSettings settings) {
    return stopped || lacksProgress(settings);
  }

  boolean lacksProgress(TrainSettings settings) {
    return settings.earlyStop() > 0 && withoutProgress >= settings.earlyStop();
  }

  /** What a checkpoint of the last step says. */
  TrainingState state() {
    return new TrainingState(
        lastStep,
        start.shards(),
        start.seed(),
        bestLoss,
        bestStep,
        withoutProgress,
        start.tokenizerFingerprint(),
        start.dataFingerprint(),
        start.model(),
        start.versions());
  }
}
