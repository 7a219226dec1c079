package org.kindling.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.framework.Summary;

/**
 * Reads event files with the message classes that TensorFlow's definitions give, of which ND4J
 * brings those for summaries, and a checksum computed bit by bit.
 */
public final class EventReader {
  private EventReader() {}

  /**
   * One event of a file.
   *
   * @param time seconds since 1970
   * @param version of the file, null behind its first event
   * @param begins whether training begins at {@code step}
   * @param value of a summary, null for other events
   */
  public record Read(double time, long step, String version, boolean begins, Summary.Value value) {
    static Read of(byte[] event) throws IOException {
      UnknownFieldSet fields = UnknownFieldSet.parseFrom(event);
      List<ByteString> start = fields.getField(7).getLengthDelimitedList();
      List<ByteString> summary = fields.getField(5).getLengthDelimitedList();
      return new Read(
          Double.longBitsToDouble(fields.getField(1).getFixed64List().get(0)),
          fields.getField(2).getVarintList().get(0),
          fields.getField(3).getLengthDelimitedList().stream()
              .map(ByteString::toStringUtf8)
              .findFirst()
              .orElse(null),
          !start.isEmpty()
              && UnknownFieldSet.parseFrom(start.get(0))
                  .getField(1)
                  .getVarintList()
                  .equals(List.of(1L)),
          summary.isEmpty() ? null : Summary.parseFrom(summary.get(0).toByteArray()).getValue(0));
    }

    /** Whether it is a value of that name. */
    public boolean is(String tag) {
      return value != null && value.getTag().equals(tag);
    }
  }

  /** The files of a folder in the order in which TensorBoard reads them. */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** All events of a folder's files. */
  public static List<Read> folder(Path folder) throws IOException {
    List<Read> events = new ArrayList<>();
    for (Path file : files(folder)) {
      events.addAll(events(Files.readAllBytes(file)));
    }
    return events;
  }

  /** A whole file's events. */
  public static List<Read> events(byte[] file) throws IOException {
    List<Read> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).as("checksum of a length").isEqualTo(masked(length));
      byte[] data = new byte[(int) ByteBuffer.wrap(length).order(in.order()).getLong()];
      in.get(data);
      assertThat(in.getInt()).as("checksum of the data").isEqualTo(masked(data));
      events.add(Read.of(data));
    }
    return events;
  }

  /** The values of that tag, as {@code step: value}. */
  public static List<String> scalars(List<Read> events, String tag) {
    return events.stream()
        .filter(event -> event.is(tag))
        .map(event -> event.step() + ": " + event.value().getSimpleValue())
        .toList();
  }

  /** The texts of that tag. */
  public static List<String> texts(List<Read> events, String tag) {
    return events.stream()
        .filter(event -> event.is(tag))
        .map(Read::value)
        .peek(EventReader::requireText)
        .map(value -> value.getTensor().getStringVal(0).toStringUtf8())
        .toList();
  }

  private static void requireText(Summary.Value value) {
    assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("text");
    assertThat(value.getTensor().getDtype().getNumber()).as("DT_STRING").isEqualTo(7);
    assertThat(value.getTensor().getTensorShape().getDimCount()).isZero();
  }

  private static int masked(byte[] data) {
    int crc = ~0;
    for (byte one : data) {
      crc ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }
}
