package org.kindling.spark.training;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A vector of weights or gradients on the wire: its floats as one array of little-endian bytes,
 * which Java serialisation copies in bulk, where it would write an array of floats one by one. At
 * most 2^29 - 1 values, since the bytes are one array.
 */
final class FloatVector implements Serializable {
  private static final long serialVersionUID = 1;

  private transient float[] values;

  FloatVector(float[] values) {
    this.values = values;
  }

  float[] values() {
    return values;
  }

  /** Bytes on the wire of a vector of that length. */
  static long bytes(int length) {
    return (long) Float.BYTES * length;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    out.writeObject(bytes.array());
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    ByteBuffer bytes = ByteBuffer.wrap((byte[]) in.readObject()).order(ByteOrder.LITTLE_ENDIAN);
    values = new float[bytes.capacity() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
  }
}
