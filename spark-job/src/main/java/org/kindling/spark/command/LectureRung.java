package org.kindling.spark.command;

import java.util.List;

/**
 * A model of the lecture "Let's build GPT", by Andrej Karpathy.
 *
 * @param preset its name in conf/lecture
 * @param adds what it has that the one before has not
 * @param loss the lecture's validation loss on tiny Shakespeare, nats a token
 */
record LectureRung(String preset, String adds, double loss) {
  static final List<LectureRung> ALL =
      List.of(
          new LectureRung("01-bigram", "a table: which character follows which", 2.50),
          new LectureRung("02-one-head", "embeddings and one head of self-attention", 2.40),
          new LectureRung("03-multi-head", "four heads side by side", 2.28),
          new LectureRung("04-feed-forward", "each token by itself: a layer and ReLU", 2.24),
          new LectureRung(
              "05-residual", "three blocks, residual connections and projections", 2.08),
          new LectureRung("06-layer-norm", "layer norms", 2.06),
          new LectureRung("07-scaled", "scaled up, with dropout", 1.48));

  /** What {@code --config} would call it. */
  String config() {
    return "lecture/" + preset;
  }
}
