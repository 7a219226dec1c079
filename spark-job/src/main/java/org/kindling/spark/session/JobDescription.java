package org.kindling.spark.session;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListenerJobStart;

/**
 * What Spark's pages and logs call a job and its stages. Without it, a stage is called after a line
 * of code, such as {@code collect at Corpus.java:120}.
 */
public final class JobDescription {
  private static final String JOB = "spark.job.description";

  /** Names the stages of a job, and those that end in an RDD's shuffle when the RDD is made. */
  private static final String STAGE = "callSite.short";

  private JobDescription() {}

  /** What a job bears; null if nothing. */
  public static String of(SparkListenerJobStart job) {
    return job.properties().getProperty(JOB);
  }

  /**
   * Runs an action whose jobs bear this description. Their stages are named so, too; a stage that
   * shuffles, if its RDD is made in the action.
   */
  public static <R> R describe(JavaSparkContext spark, String description, Supplier<R> action) {
    return with(spark, JOB, description, () -> nameStage(spark, description, action));
  }

  /** Names the stages of jobs within a description more closely. */
  public static <R> R nameStage(JavaSparkContext spark, String name, Supplier<R> action) {
    return with(spark, STAGE, name, action);
  }

  private static <R> R with(
      JavaSparkContext spark, String property, String value, Supplier<R> action) {
    String before = spark.getLocalProperty(property);
    spark.setLocalProperty(property, value);
    try {
      return action.get();
    } finally {
      spark.setLocalProperty(property, before);
    }
  }
}
