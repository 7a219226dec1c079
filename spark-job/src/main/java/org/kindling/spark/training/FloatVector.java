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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.spark.settings.WireType;

/**
 * A vector of weights or gradients, or a part of one, that can go over the wire: as arrays of
 * little-endian bytes, which Java serialisation copies in bulk, where it would write an array of
 * floats one by one. In segments of 256 KiB, so that neither side holds the vector twice, and that
 * arrays stay young: G1 takes what fills half a region (512 KiB with a small heap) for old at once,
 * and megabytes of those in each step would have it mark the heap all the time.
 *
 * <p>With {@link WireType#BF16}, what arrives has been rounded; within one JVM nothing is.
 */
final class FloatVector implements Serializable {
  private static final long serialVersionUID = 1;

  /** Values in a segment. */
  private static final int SEGMENT = 1 << 16;

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
  ChunkedByteBuffer encode(int at, int count) {
    return new ChunkedByteBuffer(
        IntStream.iterate(0, segment -> segment < count, segment -> segment + SEGMENT)
            .mapToObj(
                segment -> ByteBuffer.wrap(encodeSegment(at + segment, sizeOf(segment, count))))
            .toArray(ByteBuffer[]::new));
  }

  private byte[] encodeSegment(int at, int count) {
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

  /** So many encoded values of a stream, as they are. */
  static ChunkedByteBuffer copy(InputStream in, int count, WireType wire) throws IOException {
    List<ByteBuffer> segments = new ArrayList<>();
    for (int segment = 0; segment < count; segment += SEGMENT) {
      byte[] bytes = new byte[Math.toIntExact(bytes(sizeOf(segment, count), wire))];
      fill(bytes, bytes.length, in);
      segments.add(ByteBuffer.wrap(bytes));
    }
    return new ChunkedByteBuffer(segments.toArray(ByteBuffer[]::new));
  }

  /** Reads {@code count} values that were encoded into an array, from {@code at} on. */
  static void decode(InputStream in, float[] into, int at, int count, WireType wire)
      throws IOException {
    byte[] bytes = new byte[Math.toIntExact(bytes(Math.min(count, SEGMENT), wire))];
    for (int segment = 0; segment < count; segment += SEGMENT) {
      int now = sizeOf(segment, count);
      int length = Math.toIntExact(bytes(now, wire));
      fill(bytes, length, in);
      decode(bytes, into, at + segment, now, wire);
    }
  }

  private static void fill(byte[] bytes, int length, InputStream in) throws IOException {
    if (in.readNBytes(bytes, 0, length) < length) {
      throw new EOFException("a vector is cut short");
    }
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    for (int segment = 0; segment < length; segment += SEGMENT) {
      // unshared, or the stream would keep all of them
      out.writeUnshared(encodeSegment(segment, sizeOf(segment, length)));
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    values = new float[length];
    for (int segment = 0; segment < length; segment += SEGMENT) {
      decode((byte[]) in.readUnshared(), values, segment, sizeOf(segment, length), wire);
    }
  }

  private static int sizeOf(int segment, int count) {
    return Math.min(SEGMENT, count - segment);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
