package org.kindling.spark.training;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** So many values are decoded at once. */
  private static final int IN_CACHE = 1 << 14;

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
    return slice(
        (int) ((long) length * index / count), (int) ((long) length * (index + 1) / count));
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

  /** How values travel. */
  WireType wire() {
    return wire;
  }

  /** Values {@code at} to {@code at + count - 1} as they travel. */
  byte[] encode(int at, int count) {
    ByteBuffer bytes = buffer(new byte[Math.toIntExact(bytes(count, wire))]);
    if (wire == WireType.F32) {
      bytes.asFloatBuffer().put(values, from + at, count);
    } else {
      ShortBuffer shorts = bytes.asShortBuffer();
      for (int i = 0; i < count; i++) {
        shorts.put(i, Bfloat16.bits(values[from + at + i]));
      }
    }
    return bytes.array();
  }

  private static void decode(byte[] bytes, float[] into, int at, int count, WireType wire) {
    if (wire == WireType.F32) {
      buffer(bytes).asFloatBuffer().get(into, at, count);
    } else {
      ShortBuffer shorts = buffer(bytes).asShortBuffer();
      for (int i = 0; i < count; i++) {
        into[at + i] = Bfloat16.value(shorts.get(i));
      }
    }
  }

  /** Reads {@code count} values that were encoded into an array, from {@code at} on. */
  static void decode(InputStream in, float[] into, int at, int count, WireType wire)
      throws IOException {
    byte[] bytes = new byte[Math.toIntExact(bytes(Math.min(count, IN_CACHE), wire))];
    for (int done = 0; done < count; done += IN_CACHE) {
      int now = Math.min(IN_CACHE, count - done);
      int length = Math.toIntExact(bytes(now, wire));
      if (in.readNBytes(bytes, 0, length) < length) {
        throw new EOFException("a vector is cut short");
      }
      decode(bytes, into, at + done, now, wire);
    }
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    for (int at = 0; at < length; at += PIECE) {
      // unshared, or the stream would keep all pieces
      out.writeUnshared(encode(at, Math.min(PIECE, length - at)));
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    values = new float[length];
    for (int at = 0; at < length; at += PIECE) {
      decode((byte[]) in.readUnshared(), values, at, Math.min(PIECE, length - at), wire);
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
