package org.kindling.spark.files;

import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code flaky}, like an object store in that it cannot append and
 * knows no atomic replace. Creating a file whose path contains the text in {@code flaky.full} fails
 * as on a full disk. With {@code flaky.room}, each file has room for so many bytes and no more, and
 * with {@code flaky.append} it can append so many. Opening a file whose path contains the text in
 * {@code flaky.lost} fails as where the network does, and so does renaming one with that in {@code
 * flaky.fixed}.
 */
public final class FlakyFileSystem extends RawLocalFileSystem {
  private static final String FULL = "flaky.full";
  public static final String ROOM = "flaky.room";
  public static final String APPEND = "flaky.append";
  public static final String LOST = "flaky.lost";
  static final String FIXED = "flaky.fixed";

  /** A configuration with this file system; {@code full} may be empty. */
  public static Configuration configuration(String full) {
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
    FSDataOutputStream out = super.create(file, overwrite, buffer, replication, block, progress);
    return limited(out, getConf().getLong(ROOM, Long.MAX_VALUE));
  }

  @Override
  public FSDataInputStream open(Path file, int buffer) throws IOException {
    String lost = getConf().get(LOST, "");
    if (!lost.isEmpty() && file.toString().contains(lost)) {
      throw new FileNotFoundException("the connection was reset"); // as for too many open files
    }
    return super.open(file, buffer);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    String fixed = getConf().get(FIXED, "");
    return (fixed.isEmpty() || !from.toString().contains(fixed)) && super.rename(from, to);
  }

  @Override
  public FSDataOutputStream append(Path file, int buffer, Progressable progress)
      throws IOException {
    if (getConf().get(APPEND) == null) {
      throw new UnsupportedOperationException("append is not supported");
    }
    return limited(super.append(file, buffer, progress), getConf().getLong(APPEND, 0));
  }

  private static FSDataOutputStream limited(FSDataOutputStream out, long room) throws IOException {
    OutputStream limited =
        new FilterOutputStream(out) {
          private long left = room;

          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int count) throws IOException {
            int fits = (int) Math.min(count, left);
            out.write(bytes, offset, fits);
            left -= fits;
            if (fits < count) {
              throw new IOException("No space left on device");
            }
          }
        };
    return new FSDataOutputStream(limited, null);
  }
}
