package org.kindling.model.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kindling.model.ModelException;

/**
 * The JSON header: metadata and where each tensor's bytes lie.
 *
 * <p>Example: {@code {"__metadata__":{"format":"pt"},"wte.weight":{"dtype":"F32","shape":[65,32],
 * "data_offsets":[0,8320]}}}, padded with spaces to a multiple of eight bytes.
 *
 * @param entries in the order of their bytes, which follow each other without a gap from byte 0
 */
record Header(Map<String, String> metadata, List<Entry> entries) {
  private static final String METADATA = "__metadata__";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectReader READER =
      JSON.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * One tensor: its bytes are {@code begin} (inclusive) to {@code end} (exclusive), counted from
   * the header's end.
   */
  record Entry(String name, int[] shape, long begin, long end) {
    int length() {
      return (int) ((end - begin) / Float.BYTES);
    }
  }

  /** The header for tensors that are written one after the other. */
  static Header of(Map<String, String> metadata, List<Slice> slices) {
    List<Entry> entries = new ArrayList<>();
    long begin = 0;
    for (Slice slice : slices) {
      long end = begin + (long) slice.length() * Float.BYTES;
      entries.add(new Entry(slice.name(), slice.shape(), begin, end));
      begin = end;
    }
    return new Header(metadata, entries);
  }

  long dataLength() {
    return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
  }

  byte[] toBytes() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      root.set(METADATA, JSON.valueToTree(metadata));
    }
    for (Entry entry : entries) {
      if (entry.name().equals(METADATA) || root.has(entry.name())) {
        throw new IllegalArgumentException("tensor name not free: " + entry.name());
      }
      ObjectNode node = root.putObject(entry.name());
      node.put("dtype", "F32");
      Arrays.stream(entry.shape()).forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(entry.begin()).add(entry.end());
    }
    byte[] json = JSON.writeValueAsBytes(root);
    // Readers map the data where it lies, so it starts at a multiple of eight.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /** Reads and checks a header; ModelException says what is wrong with it. */
  static Header parse(byte[] bytes) {
    JsonNode root;
    try {
      root = READER.readValue(bytes);
    } catch (JsonProcessingException e) {
      throw new ModelException(
          "safetensors header is damaged: %s".formatted(e.getOriginalMessage()), e);
    } catch (IOException e) { // of bytes with zeros among them, Jackson takes some for UTF-32
      throw new ModelException("safetensors header is damaged: %s".formatted(e.getMessage()), e);
    }
    if (!root.isObject()) {
      throw damaged("it is not a JSON object");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        readMetadata(field.getValue(), metadata);
      } else {
        entries.add(readEntry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    expectContiguous(entries);
    return new Header(Collections.unmodifiableMap(metadata), List.copyOf(entries));
  }

  private static void readMetadata(JsonNode node, Map<String, String> metadata) {
    if (!node.isObject()) {
      throw damaged("__metadata__ is not an object");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw damaged("__metadata__ %s is not a string".formatted(field.getKey()));
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
  }

  private static Entry readEntry(String name, JsonNode node) {
    JsonNode dtype = node.path("dtype");
    JsonNode shape = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!dtype.isTextual() || !shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw damaged("tensor %s lacks dtype, shape or data_offsets".formatted(name));
    }
    if (!dtype.textValue().equals("F32")) {
      throw new ModelException(
          "safetensors tensor %s has dtype %s: only F32 is read"
              .formatted(name, dtype.textValue()));
    }
    int[] dimensions = new int[shape.size()];
    long length = 1;
    for (int i = 0; i < dimensions.length; i++) {
      JsonNode dimension = shape.get(i);
      if (!dimension.canConvertToInt()
          || !dimension.isIntegralNumber()
          || dimension.intValue() < 0) {
        throw damaged("tensor %s has shape %s".formatted(name, shape));
      }
      dimensions[i] = dimension.intValue();
      length *= dimensions[i];
      if (length > Integer.MAX_VALUE - 8) {
        throw new ModelException(
            "safetensors tensor %s has shape %s: more values than a Java array holds"
                .formatted(name, shape));
      }
    }
    if (!isLong(offsets.get(0)) || !isLong(offsets.get(1))) {
      throw damaged("tensor %s has data_offsets %s".formatted(name, offsets));
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (begin < 0 || end < begin || end - begin != length * Float.BYTES) {
      throw damaged(
          "tensor %s of shape %s takes %d bytes, data_offsets are %s"
              .formatted(name, shape, length * Float.BYTES, offsets));
    }
    return new Entry(name, dimensions, begin, end);
  }

  private static boolean isLong(JsonNode number) {
    return number.isIntegralNumber() && number.canConvertToLong();
  }

  private static void expectContiguous(List<Entry> entries) {
    long end = 0;
    String before = "the header";
    for (Entry entry : entries) {
      if (entry.begin() != end) {
        String what = entry.begin() < end ? "overlaps" : "leaves a gap after";
        throw damaged(
            "tensor %s starts at byte %d and %s %s, which ends at byte %d"
                .formatted(entry.name(), entry.begin(), what, before, end));
      }
      end = entry.end();
      before = entry.name();
    }
  }

  private static ModelException damaged(String what) {
    return new ModelException("safetensors header is damaged: " + what);
  }
}
