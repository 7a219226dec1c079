package org.kindling.spark.training;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * What one task does with its partition, as the lowest of Spark's interfaces takes it.
 *
 * <p>{@code rdd.mapPartitions(...).collect()} says the same, but makes an RDD for each step, which
 * Spark registers, cleans, serialises and looks for in its caches: 5 ms a job, a third of a small
 * model's step.
 *
 * @param <T> what the partition holds
 * @param <R> the task's one result
 */
abstract class PartitionTask<T, R> extends AbstractFunction2<TaskContext, Iterator<T>, R>
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Runs the task on each partition and returns the results in the order of partitions. */
  @SuppressWarnings("unchecked")
  final List<R> runOn(JavaRDD<T> rdd, Class<R> result) {
    return List.of((R[]) rdd.context().runJob(rdd.rdd(), this, ClassTag$.MODULE$.apply(result)));
  }
}
