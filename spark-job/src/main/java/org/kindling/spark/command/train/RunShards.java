package org.kindling.spark.command.train;

import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.corpus.WindowShard;
import org.kindling.spark.settings.Settings;

/**
 * A run's text on the executors.
 *
 * @param slots among which it was divided
 * @param training K shards
 * @param validation empty where the validation split has not even one window
 */
record RunShards(int slots, JavaRDD<Shard> training, Optional<JavaRDD<WindowShard>> validation) {

  /**
   * Brings it there.
   *
   * @throws org.kindling.spark.InputException if the text is too short
   */
  static RunShards of(Corpus corpus, Settings settings, int slots) {
    int context = settings.model().context();
    int shards = settings.train().shards();
    int limit = settings.train().evalWindows();
    return new RunShards(
        slots,
        corpus.trainingShards(context, shards, slots),
        corpus.windows(context) == 0
            ? Optional.empty()
            : Optional.of(corpus.validationShards(context, shards, slots, limit)));
  }
}
