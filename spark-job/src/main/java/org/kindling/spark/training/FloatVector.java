package org.kindling.spark.training;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.kindling.spark.settings.WireType;

/**
 * A vector of weights or gradients, or a part of one, that can go over the wire: as arrays of
 * little-endian bytes, which Java serialisation copies in bulk, where it would write an array of
 * floats one by one. A few mebibytes at a time, so that neither side holds the vector twice.
 *
 * <p>With {@link WireType#BF16}, what arrives has been rounded; within one JVM nothing is.
 */
final class FloatVector implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int PIECE = 1 << 20;

  private final WireType wire;
  private final int length;
  private transient float[] values;
  private transient int from;

  /** All of an array, which is not copied. */
  FloatVector(float[] values, WireType wire) {
    this(values, 0, values.length, wire);
  }

  private FloatVector(float[] values, int from, int length, WireType wire) {
    this.values = values;
    this.from = from;
    this.length = length;
    this.wire = wire;
  }

  /** Values from to to - 1, without copying. */
  FloatVector slice(int from, int to) {
    return new FloatVector(values, this.from + from, to - from, wire);
  }

  /** The {@code index}th of {@code count} parts of about equal length, without copying. */
  FloatVector part(int index, int count) {
    return slice(start(length, index, count), start(length, index + 1, count));
  }

  /** Where the {@code index}th of {@code count} parts of a vector begins. */
  static int start(int length, int index, int count) {
    return (int) ((long) length * index / count);
  }

  int length() {
    return length;
  }

  /** The values: the array itself where this is all of it. */
  float[] values() {
    return from == 0 && length == values.length
        ? values
        : Arrays.copyOfRange(values, from, from + length);
  }

  /** Its bytes on the wire. */
  long bytes() {
    return bytes(length, wire);
  }

  /** Bytes on the wire of a vector of that length. */
  static long bytes(long length, WireType wire) {
    return (wire == WireType.BF16 ? Short.BYTES : Float.BYTES) * length;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    for (int at = 0; at < length; at += PIECE) {
      int count = Math.min(PIECE, length - at);
      ByteBuffer bytes = buffer(new byte[Math.toIntExact(bytes(count, wire))]);
      if (wire == WireType.F32) {
        bytes.asFloatBuffer().put(values, from + at, count);
      } else {
        ShortBuffer shorts = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          shorts.put(i, Bfloat16.bits(values[from + at + i]));
        }
      }
      out.writeUnshared(bytes.array()); // unshared, or the stream would keep all pieces
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    values = new float[length];
    for (int at = 0; at < length; at += PIECE) {
      int count = Math.min(PIECE, length - at);
      ByteBuffer bytes = buffer((byte[]) in.readUnshared());
      if (wire == WireType.F32) {
        FloatBuffer floats = bytes.asFloatBuffer();
        floats.get(values, at, count);
      } else {
        ShortBuffer shorts = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          values[at + i] = Bfloat16.value(shorts.get(i));
        }
      }
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
