package org.kindling.spark.session;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.package$;

/** Which versions are at work, for --version and for a run's provenance. */
public final class Versions {
  private Versions() {}

  /** Kindling's, Spark's and Java's. */
  public static Map<String, String> all() {
    String own = Versions.class.getPackage().getImplementationVersion();
    Map<String, String> versions = new TreeMap<>();
    versions.put("kindling", own == null ? "development" : own);
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("java", Runtime.version().toString());
    return versions;
  }
}
