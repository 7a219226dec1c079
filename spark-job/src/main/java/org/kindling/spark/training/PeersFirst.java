package org.kindling.spark.training;

import org.apache.spark.SparkConf;
import org.apache.spark.storage.TopologyMapper;
import scala.Option;

/**
 * Has executors fetch a broadcast's pieces from each other where they can, and from the driver only
 * what none of them has yet.
 *
 * <p>Spark asks those who have a piece in the order: same host, same rack, all others; within each,
 * at random, the driver like anyone else. To Spark, this puts the driver's host into a rack of its
 * own, and all other hosts into another.
 */
public final class PeersFirst extends TopologyMapper {
  private final String driver;

  /** Called by Spark, on the driver. */
  public PeersFirst(SparkConf conf) {
    super(conf);
    this.driver = conf.get("spark.driver.host");
  }

  @Override
  public Option<String> getTopologyForHost(String host) {
    return Option.apply(host.equals(driver) ? "driver" : "executors");
  }
}
