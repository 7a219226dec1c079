package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.spark.settings.WireType;
import scala.reflect.ClassTag$;

/**
 * How a vector is cut into blocks of Spark's block manager. They are named as blocks of a
 * broadcast, so they vanish with it, wherever they are.
 *
 * @param broadcast whose end is the blocks' end
 * @param name unique among the broadcast's vectors
 * @param length of the vector
 * @param each values in a piece; the last has what is left
 * @param wire how values travel
 */
record Pieces(long broadcast, String name, int length, int each, WireType wire)
    implements Serializable {
  private static final long serialVersionUID = 1;

  int count() {
    return (int) (((long) length + each - 1) / each);
  }

  /** Where in the vector a piece begins. */
  int begin(int piece) {
    return piece * each;
  }

  int sizeOf(int piece) {
    return Math.min(each, length - begin(piece));
  }

  BroadcastBlockId block(int piece) {
    return new BroadcastBlockId(broadcast, name + "_" + piece);
  }

  /** The piece of which this is the block's name. */
  static int pieceOf(String block) {
    return Integer.parseInt(block.substring(block.lastIndexOf('_') + 1));
  }

  /**
   * Keeps all pieces of a vector here.
   *
   * @param announce whether the driver should know, so that others find them
   */
  void keep(FloatVector vector, boolean announce) {
    for (int piece = 0; piece < count(); piece++) {
      keep(piece, vector.encode(begin(piece), sizeOf(piece)), announce);
    }
  }

  void keep(int piece, ChunkedByteBuffer bytes, boolean announce) {
    SparkEnv.get()
        .blockManager()
        .putBytes(
            block(piece),
            bytes,
            StorageLevel.MEMORY_AND_DISK_SER(),
            announce,
            ClassTag$.MODULE$.apply(byte[].class));
  }

  /** A piece's bytes, apart from the network's buffers. */
  ChunkedByteBuffer copy(int piece, InputStream bytes) throws IOException {
    return FloatVector.copy(bytes, sizeOf(piece), wire);
  }

  /** Puts a piece's values into an array, from {@code at} on. */
  void decode(int piece, InputStream bytes, float[] into, int at) throws IOException {
    FloatVector.decode(bytes, into, at, sizeOf(piece), wire);
  }
}
