package org.kindling.spark.run;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code flaky}, like an object store in that it cannot append and
 * knows no atomic replace. Creating a file whose path contains the text in {@code flaky.full} fails
 * as on a full disk.
 */
public final class FlakyFileSystem extends RawLocalFileSystem {
  private static final String FULL = "flaky.full";

  /** A configuration with this file system; {@code full} may be empty. */
  static Configuration configuration(String full) {
    Configuration configuration = new Configuration();
    configuration.set("fs.flaky.impl", FlakyFileSystem.class.getName());
    configuration.setBoolean("fs.flaky.impl.disable.cache", true);
    configuration.set(FULL, full);
    return configuration;
  }

  @Override
  public URI getUri() {
    return URI.create("flaky:///");
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    String full = getConf().get(FULL, "");
    if (!full.isEmpty() && file.toString().contains(full)) {
      throw new IOException("No space left on device");
    }
    return super.create(file, overwrite, buffer, replication, block, progress);
  }

  @Override
  public FSDataOutputStream append(Path file, int buffer, Progressable progress) {
    throw new UnsupportedOperationException("append is not supported");
  }
}
