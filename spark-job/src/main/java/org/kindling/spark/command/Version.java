package org.kindling.spark.command;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** Which versions are at work, for --version and for a run's provenance. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"kindling " + all().get("kindling")};
  }

  /** Kindling's, Spark's and Java's. */
  static Map<String, String> all() {
    String own = Version.class.getPackage().getImplementationVersion();
    Map<String, String> versions = new TreeMap<>();
    versions.put("kindling", own == null ? "development" : own);
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("java", Runtime.version().toString());
    return versions;
  }
}
