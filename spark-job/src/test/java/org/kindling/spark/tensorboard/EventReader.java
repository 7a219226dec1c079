package org.kindling.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;

/** Reads event files with TensorFlow's own message classes, and a checksum computed bit by bit. */
public final class EventReader {
  private EventReader() {}

  /** The files of a folder in the order in which TensorBoard reads them. */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** All events of a folder's files. */
  public static List<Event> folder(Path folder) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Path file : files(folder)) {
      events.addAll(events(Files.readAllBytes(file)));
    }
    return events;
  }

  /** A whole file's events. */
  public static List<Event> events(byte[] file) throws IOException {
    List<Event> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).as("checksum of a length").isEqualTo(masked(length));
      byte[] data = new byte[(int) ByteBuffer.wrap(length).order(in.order()).getLong()];
      in.get(data);
      assertThat(in.getInt()).as("checksum of the data").isEqualTo(masked(data));
      events.add(Event.parseFrom(data));
    }
    return events;
  }

  /** The values of that tag, as {@code step: value}. */
  public static List<String> scalars(List<Event> events, String tag) {
    return values(events, tag)
        .map(event -> event.getStep() + ": " + event.getSummary().getValue(0).getSimpleValue())
        .toList();
  }

  /** The texts of that tag. */
  public static List<String> texts(List<Event> events, String tag) {
    return values(events, tag)
        .map(event -> event.getSummary().getValue(0))
        .peek(EventReader::requireText)
        .map(value -> value.getTensor().getStringVal(0).toStringUtf8())
        .toList();
  }

  static Stream<Event> values(List<Event> events, String tag) {
    return events.stream()
        .filter(event -> event.hasSummary() && event.getSummary().getValue(0).getTag().equals(tag));
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
