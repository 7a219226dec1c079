package org.kindling.spark.corpus;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** What Spark's pages and logs call a job. */
public final class JobDescription {
  private static final String PROPERTY = "spark.job.description";

  private JobDescription() {}

  /** Runs an action whose jobs bear this description. */
  public static <R> R describe(JavaSparkContext spark, String description, Supplier<R> action) {
    String before = spark.getLocalProperty(PROPERTY);
    spark.setLocalProperty(PROPERTY, description);
    try {
      return action.get();
    } finally {
      spark.setLocalProperty(PROPERTY, before);
    }
  }
}
