package org.kindling.model.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.kindling.model.ModelException;

/**
 * Reads and writes safetensors files of 32-bit floats (<a
 * href="https://github.com/huggingface/safetensors#format">the format</a>): eight bytes of header
 * length, a JSON header, then every tensor's bytes without a gap. All numbers are little-endian.
 *
 * <p>A file that breaks the format is refused with a {@link ModelException} that says what is
 * wrong; the caller knows the file's name and adds it. Streams are neither buffered here (blocks
 * are large) nor closed.
 */
public final class Safetensors {
  /**
   * The longest header that the format allows; a larger number means that this is some other file.
   */
  private static final int LONGEST_HEADER = 100_000_000;

  /**
   * A tensor above this many values is read in growing pieces, so that a false header cannot claim
   * the heap.
   */
  private static final int TRUSTED_LENGTH = 1 << 24;

  private Safetensors() {}

  /**
   * Writes tensors in the given order, dtype F32.
   *
   * @param metadata goes into the header as {@code __metadata__}; may be empty
   */
  public static void write(OutputStream out, Map<String, String> metadata, List<Slice> slices)
      throws IOException {
    byte[] header = Header.of(metadata, slices).toBytes();
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    FloatBlock block = new FloatBlock();
    for (Slice slice : slices) {
      block.write(out, slice.vector(), slice.offset(), slice.length());
    }
  }

  /**
   * Reads a whole file, each tensor into an array of its own.
   *
   * @throws ModelException if the file is damaged, cut short, too long, or holds another dtype than
   *     F32
   */
  public static SafetensorsFile read(InputStream in) throws IOException {
    Header header = readHeader(in);
    FloatBlock block = new FloatBlock();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Header.Entry entry : header.entries()) {
      float[] values = readValues(in, block, entry);
      tensors.put(entry.name(), new Tensor(entry.shape(), values));
    }
    expectEnd(in, header);
    return new SafetensorsFile(header.metadata(), Collections.unmodifiableMap(tensors));
  }

  /**
   * Reads a file that must hold exactly the given tensors, in any order, straight into their
   * vectors.
   *
   * @return the file's metadata
   * @throws ModelException as {@link #read}, and if a tensor is missing, unexpected, or of another
   *     shape; the vectors may be partly filled then
   */
  public static Map<String, String> readInto(InputStream in, List<Slice> slices)
      throws IOException {
    Header header = readHeader(in);
    Map<String, Slice> wanted = new LinkedHashMap<>();
    slices.forEach(slice -> wanted.put(slice.name(), slice));
    expectSame(header, wanted);
    FloatBlock block = new FloatBlock();
    for (Header.Entry entry : header.entries()) {
      Slice slice = wanted.get(entry.name());
      readFully(in, block, entry, slice.vector(), slice.offset(), slice.length());
    }
    expectEnd(in, header);
    return header.metadata();
  }

  private static Header readHeader(InputStream in) throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw new ModelException(
          "not a safetensors file: %d bytes, shorter than the header's length field"
              .formatted(prefix.length));
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_HEADER) {
      throw new ModelException(
          "not a safetensors file: header length %s, must be 2 to %d bytes"
              .formatted(Long.toUnsignedString(length), LONGEST_HEADER));
    }
    byte[] json = in.readNBytes((int) length);
    if (json.length < length) {
      throw new ModelException(
          "safetensors file is cut short: the header has %d of %d bytes"
              .formatted(json.length, length));
    }
    return Header.parse(json);
  }

  private static float[] readValues(InputStream in, FloatBlock block, Header.Entry entry)
      throws IOException {
    int length = entry.length();
    float[] values = new float[Math.min(length, TRUSTED_LENGTH)];
    readFully(in, block, entry, values, 0, values.length);
    while (values.length < length) {
      int from = values.length;
      values = Arrays.copyOf(values, (int) Math.min(length, 2L * from));
      readFully(in, block, entry, values, from, values.length - from);
    }
    return values;
  }

  private static void readFully(
      InputStream in, FloatBlock block, Header.Entry entry, float[] to, int offset, int length)
      throws IOException {
    try {
      block.read(in, to, offset, length);
    } catch (EOFException e) {
      throw new ModelException(
          "safetensors file is cut short within tensor %s, which takes bytes %d to %d of the data"
              .formatted(entry.name(), entry.begin(), entry.end()),
          e);
    }
  }

  private static void expectEnd(InputStream in, Header header) throws IOException {
    if (in.read() >= 0) {
      throw new ModelException(
          "safetensors file goes on after the last tensor, which ends at byte %d of the data"
              .formatted(header.dataLength()));
    }
  }

  private static void expectSame(Header header, Map<String, Slice> wanted) {
    Set<String> missing = new TreeSet<>(wanted.keySet());
    List<String> wrong = new ArrayList<>();
    for (Header.Entry entry : header.entries()) {
      if (!missing.remove(entry.name())) {
        wrong.add("unexpected tensor " + entry.name());
      } else if (!Arrays.equals(entry.shape(), wanted.get(entry.name()).shape())) {
        wrong.add(
            "tensor %s has shape %s, not %s"
                .formatted(
                    entry.name(),
                    Arrays.toString(entry.shape()),
                    Arrays.toString(wanted.get(entry.name()).shape())));
      }
    }
    missing.forEach(name -> wrong.add("no tensor " + name));
    if (!wrong.isEmpty()) {
      String more = wrong.size() > 1 ? " (and %d more)".formatted(wrong.size() - 1) : "";
      throw new ModelException("safetensors file does not fit: " + wrong.get(0) + more);
    }
  }
}
