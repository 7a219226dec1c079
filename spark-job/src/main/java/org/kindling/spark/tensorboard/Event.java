package org.kindling.spark.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One message of an event file. Field numbers are those of TensorFlow's {@code event.proto}, {@code
 * summary.proto} and {@code tensor.proto}, named beside each.
 *
 * @param time seconds since 1970
 * @param step optimizer steps done
 * @param content fields of the message, behind time and step
 */
record Event(double time, long step, byte[] content) {
  /** What TensorBoard looks for at a file's start. */
  private static final String VERSION = "brain.Event:2";

  private static final int SESSION_START = 1;
  private static final int DATA_CLASS_TENSOR = 2;
  private static final int DT_STRING = 7;

  /** Writes fields of a message. */
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** A file's first event. */
  static Event version(double time) {
    return new Event(time, 0, message(event -> event.writeString(3, VERSION))); // file_version
  }

  /** Steps from {@code step} on are trained now: what TensorBoard has of such steps is void. */
  static Event begin(double time, long step) {
    byte[] start = message(log -> log.writeEnum(1, SESSION_START)); // SessionLog.status
    return new Event(time, step, message(event -> event.writeByteArray(7, start))); // session_log
  }

  /** A point of a curve. */
  static Event scalar(double time, long step, String tag, double scalar) {
    return summary(time, step, tag, value -> value.writeFloat(2, (float) scalar)); // simple_value
  }

  /** A histogram of a step. */
  static Event histogram(double time, long step, String tag, Histogram histogram) {
    byte[] histo =
        message(
            out -> {
              out.writeDouble(1, histogram.min()); // min
              out.writeDouble(2, histogram.max()); // max
              out.writeDouble(3, histogram.count()); // num
              out.writeDouble(4, histogram.sum()); // sum
              out.writeDouble(5, histogram.sumOfSquares()); // sum_squares
              out.writeByteArray(6, packed(histogram.limits())); // bucket_limit
              out.writeByteArray(7, packed(histogram.counts())); // bucket
            });
    return summary(time, step, tag, value -> value.writeByteArray(5, histo)); // histo
  }

  /**
   * A text, which TensorBoard takes for Markdown.
   *
   * @param markdown any text
   */
  static Event text(double time, long step, String tag, String markdown) {
    byte[] tensor =
        message(
            out -> {
              out.writeEnum(1, DT_STRING); // dtype
              out.writeByteArray(2, new byte[0]); // tensor_shape: no dimensions
              out.writeBytes(8, ByteString.copyFromUtf8(markdown)); // string_val
            });
    byte[] plugin = message(out -> out.writeString(1, "text")); // plugin_name
    byte[] metadata =
        message(
            out -> {
              out.writeByteArray(1, plugin); // plugin_data
              out.writeEnum(4, DATA_CLASS_TENSOR); // data_class
            });
    return summary(
        time,
        step,
        tag,
        value -> {
          value.writeByteArray(8, tensor); // tensor
          value.writeByteArray(9, metadata); // metadata
        });
  }

  /** The whole message. */
  byte[] bytes() {
    return message(
        out -> {
          out.writeDouble(1, time); // wall_time
          out.writeInt64(2, step); // step
          out.writeRawBytes(content);
        });
  }

  private static Event summary(double time, long step, String tag, Fields fields) {
    byte[] value =
        message(
            out -> {
              out.writeString(1, tag); // tag
              fields.writeTo(out);
            });
    byte[] summary = message(out -> out.writeByteArray(1, value)); // Summary.value
    return new Event(time, step, message(event -> event.writeByteArray(5, summary))); // summary
  }

  private static byte[] packed(double[] values) {
    return message(
        out -> {
          for (double value : values) {
            out.writeDoubleNoTag(value);
          }
        });
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written to it", e);
    }
    return bytes.toByteArray();
  }
}
