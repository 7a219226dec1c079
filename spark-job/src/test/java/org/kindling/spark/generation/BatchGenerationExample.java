package org.kindling.spark.generation;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What README shows. */
final class BatchGenerationExample {
  private BatchGenerationExample() {}

  static void answer(SparkSession spark, String model, String questions, String answers) {
    // example
    BatchSettings settings =
        BatchSettings.DEFAULTS
            .withPromptField("question")
            .withGeneration(
                GenerationSettings.DEFAULTS.withMaxNewTokens(50).withStop(List.of("\n")));
    try (BatchGenerator generator = BatchGenerator.load(spark, model, settings)) {
      Dataset<Row> completed = generator.transform(spark.read().parquet(questions));
      completed.filter("finish_reason != 'error'").write().parquet(answers);
    }
    // example
  }
}
