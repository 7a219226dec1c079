package org.kindling.spark.training;

import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * What one task does with its partition, as the lowest of Spark's interfaces takes it.
 *
 * <p>{@code rdd.mapPartitions(...).collect()} says the same, but makes an RDD for each step, which
 * Spark registers, cleans, serialises and looks for in its caches: 5 ms a job.
 *
 * @param <T> what the partition holds
 * @param <R> the task's one result
 */
abstract class PartitionTask<T, R> extends AbstractFunction2<TaskContext, Iterator<T>, R>
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Runs the task on each partition and returns the results in the order of partitions. */
  final List<R> runOn(JavaRDD<T> rdd, Class<R> result) {
    return runOn(rdd, result, Function.identity());
  }

  /**
   * Runs the task on each partition.
   *
   * @param then called with each result when it comes, by the thread of Spark's that starts tasks,
   *     which it must not keep
   * @return what has become of the results, in the order of partitions
   */
  @SuppressWarnings("unchecked")
  final <S> List<S> runOn(JavaRDD<T> rdd, Class<R> result, Function<R, S> then) {
    Object[] found = new Object[rdd.getNumPartitions()];
    rdd.context()
        .runJob(
            rdd.rdd(),
            this,
            (partition, value) -> {
              found[(int) partition] = then.apply(value);
              return BoxedUnit.UNIT;
            },
            ClassTag$.MODULE$.apply(result));
    return List.of((S[]) found);
  }
}
