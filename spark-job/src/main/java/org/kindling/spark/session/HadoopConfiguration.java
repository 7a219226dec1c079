package org.kindling.spark.session;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Hadoop's configuration as tasks get it: once in each JVM and not with each task, since to read it
 * takes 5 ms.
 *
 * <p>Published before a job, and closed after it.
 */
public final class HadoopConfiguration implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1;

  private final Broadcast<SerializableConfiguration> broadcast;

  private HadoopConfiguration(Broadcast<SerializableConfiguration> broadcast) {
    this.broadcast = broadcast;
  }

  /** That of Spark. */
  public static HadoopConfiguration publish(JavaSparkContext spark) {
    return new HadoopConfiguration(
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  public Configuration value() {
    return broadcast.value().value();
  }

  @Override
  public void close() {
    broadcast.destroy(true);
  }
}
