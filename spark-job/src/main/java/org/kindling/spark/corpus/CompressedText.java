package org.kindling.spark.corpus;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.hadoop.io.compress.Lz4Codec;
import org.apache.hadoop.io.compress.SnappyCodec;
import org.apache.hadoop.io.compress.ZStandardCodec;
import org.kindling.spark.InputException;

/**
 * Files that are read through Hadoop's codecs, which their names' endings say; but Zstandard's
 * through the library that Spark brings, as Hadoop's codec wants a native one that few machines
 * have.
 */
public final class CompressedText {

  /** Takes what a file holds. */
  @FunctionalInterface
  interface Reading {
    void of(InputStream text) throws IOException;
  }

  private CompressedText() {}

  /**
   * Whether a file's name has a codec's ending.
   *
   * @throws InputException for two of Hadoop's codecs, which read a file that was cut as a whole
   *     one and know nothing of what other programs call by their names
   */
  static boolean isCompressed(Path path, Configuration configuration) {
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    if (codec instanceof Lz4Codec || codec instanceof SnappyCodec) {
      throw new InputException(
          "cannot read %s: Hadoop's %s would not notice missing text; use gzip, bzip2 or Zstandard"
              .formatted(path, codec.getClass().getSimpleName()));
    }
    return codec != null;
  }

  /**
   * Reads a compressed file.
   *
   * @param file its bytes
   * @throws IOException also if the codec does not work here
   */
  static void read(Path path, InputStream file, Configuration configuration, Reading reading)
      throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    if (codec instanceof ZStandardCodec) {
      try (InputStream text = new ZstdInputStreamNoFinalizer(file)) {
        reading.of(text);
      }
      return;
    }
    Decompressor decompressor = decompressor(codec);
    try (InputStream text = open(codec, file, decompressor)) {
      reading.of(text);
    } finally {
      CodecPool.returnDecompressor(decompressor);
    }
  }

  /**
   * Opens a Zstandard file, for readers that take the others through Hadoop's codecs by themselves.
   *
   * @return what it holds; empty where the name says something else
   */
  public static Optional<InputStream> zstandard(Path path, Configuration configuration)
      throws IOException {
    if (!(new CompressionCodecFactory(configuration).getCodec(path) instanceof ZStandardCodec)) {
      return Optional.empty();
    }
    InputStream file = path.getFileSystem(configuration).open(path);
    try {
      return Optional.of(new ZstdInputStreamNoFinalizer(file));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static InputStream open(
      CompressionCodec codec, InputStream file, Decompressor decompressor) throws IOException {
    try {
      return new Careful(codec.createInputStream(file, decompressor));
    } catch (RuntimeException e) { // some read the first block
      throw Careful.damaged(e);
    }
  }

  /** Of a damaged file, some codecs compute an index that no array has. */
  private static final class Careful extends FilterInputStream {
    Careful(InputStream text) {
      super(text);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (RuntimeException e) {
        throw damaged(e);
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return super.read(buffer, offset, length);
      } catch (RuntimeException e) {
        throw damaged(e);
      }
    }

    static IOException damaged(RuntimeException e) {
      return new IOException("its compressed data is damaged (%s)".formatted(e), e);
    }
  }

  private static Decompressor decompressor(CompressionCodec codec) throws IOException {
    try {
      return CodecPool.getDecompressor(codec);
    } catch (RuntimeException e) { // what Hadoop throws where a codec's native library is missing
      throw new IOException(e.getMessage(), e);
    }
  }
}
