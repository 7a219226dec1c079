package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.spark.corpus.WindowShard;

class EvaluationTest {
  @TempDir Path folder;

  @Test
  void theNumberIsTheSameOnAnyNumberOfTasks() throws IOException {
    List<Evaluation.Result> results = new ArrayList<>();
    for (String master : List.of("local[1]", "local[2]", "local[4]")) {
      try (SmallRun small = SmallRun.on(master, folder)) {
        results.add(evaluate(small, 4));
        results.add(evaluate(small, 4));
      }
    }

    assertThat(results).hasSize(6).containsOnly(results.get(0));
  }

  @Test
  void theNumberOfWindowsAtOnceMattersToRoundingOnly() throws IOException {
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      Evaluation.Result one = evaluate(small, 1);

      for (int sequences : new int[] {2, 7, 100}) {
        Evaluation.Result several = evaluate(small, sequences);
        assertThat(several.targets()).isEqualTo(one.targets());
        assertThat(several.loss()).isCloseTo(one.loss(), within(1e-6));
      }
    }
  }

  @Test
  void everyTargetOfTheSplitCountsOnce() throws IOException {
    try (SmallRun small = SmallRun.on("local[2]", folder)) {
      Evaluation.Result result = evaluate(small, 4);

      assertThat(result.targets()).isEqualTo(small.corpus.validationTokens() - 1);
      assertThat(result.loss()).isCloseTo(Math.log(small.model.vocabulary()), within(0.1));
      assertThat(result.perplexity()).isEqualTo(Math.exp(result.loss()));
    }
  }

  private static Evaluation.Result evaluate(SmallRun small, int sequences) {
    JavaRDD<WindowShard> windows =
        small.corpus.validationShards(
            small.model.context(), 4, small.spark.defaultParallelism(), 0);
    return new Evaluation(small.spark, small.model, KernelChoice.AUTO, sequences, windows)
        .run(small.begin().weights());
  }
}
