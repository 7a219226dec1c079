package org.kindling.model.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.model.ModelException;

class SafetensorsTest {

  @Test
  void whatIsWrittenIsRead() throws IOException {
    float[] vector = {9, 1, 2, 3, 4, 5, 6, Float.NaN, -0f};
    Map<String, String> metadata = Map.of("format", "pt", "quote", "\"ü\"");

    byte[] file =
        write(
            metadata,
            new Slice("table.weight", new int[] {2, 3}, vector, 1),
            new Slice("scalar", new int[] {}, vector, 0),
            new Slice("empty", new int[] {0, 4}, vector, 0),
            new Slice("odd", new int[] {2}, vector, 7));
    SafetensorsFile read = Safetensors.read(new ByteArrayInputStream(file));

    assertThat(read.metadata()).isEqualTo(metadata);
    assertThat(read.tensors().keySet()).containsExactly("table.weight", "scalar", "empty", "odd");
    assertThat(read.tensors().get("table.weight").shape()).containsExactly(2, 3);
    assertThat(read.tensors().get("table.weight").values()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read.tensors().get("scalar").values()).containsExactly(9);
    assertThat(read.tensors().get("empty").values()).isEmpty();
    assertThat(read.tensors().get("odd").values()).containsExactly(Float.NaN, -0f);
  }

  @Test
  void theDataStartsAtAMultipleOfEightAndIsLittleEndian() throws IOException {
    byte[] file = write(Map.of(), new Slice("x", new int[] {1}, new float[] {1.5f}, 0));

    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong(0);
    assertThat(header % 8).isZero();
    assertThat(new String(file, 8, header, UTF_8).strip())
        .isEqualTo("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
    assertThat(bytes.getFloat(8 + header)).isEqualTo(1.5f);
    assertThat(file).hasSize(8 + header + 4);
  }

  @Test
  void tensorsLongerThanABlockSurvive() throws IOException {
    float[] vector = new float[700_001];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = i;
    }
    Slice odd = new Slice("odd", new int[] {3}, vector, 0);
    Slice large = new Slice("large", new int[] {699_998}, vector, 3);
    byte[] file = write(Map.of(), odd, large);

    float[] copy = new float[vector.length];
    // Asked for in another order than the file's.
    Safetensors.readInto(
        new ByteArrayInputStream(file),
        List.of(
            new Slice("large", large.shape(), copy, 3), new Slice("odd", odd.shape(), copy, 0)));

    assertThat(copy).isEqualTo(vector);
    assertThat(Safetensors.read(new ByteArrayInputStream(file)).tensors().get("large").values())
        .isEqualTo(Arrays.copyOfRange(vector, 3, vector.length));
  }

  @ParameterizedTest
  @CsvSource({
    "bigram, bigram, table.weight, 4225",
    "gpt2, gpt2, wte.weight, 4848",
    "lecture, lecture, h.2.mlp.c_proj.bias, 32",
    "nanogpt, nanogpt, h.1.attn.c_attn.weight, 3072",
  })
  void filesOfAnotherWriterAreRead(String file, String variant, String parameter, int length)
      throws IOException {
    try (InputStream in =
        SafetensorsTest.class.getResourceAsStream(
            "/org/kindling/model/reference/" + file + ".safetensors")) {
      SafetensorsFile read = Safetensors.read(in);

      assertThat(read.metadata()).containsEntry("variant", variant);
      assertThat(read.tensors())
          .containsKeys("idx", "targets", "logits", "loss", "greedy", "losses", "norms");
      for (String kind : List.of("param.", "grad.", "stepped.")) {
        assertThat(read.tensors().get(kind + parameter).values()).hasSize(length);
      }
    }
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] file = write(Map.of("k", "v"), new Slice("x", new int[] {2}, new float[2], 0));

    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(cut)))
          .isInstanceOf(ModelException.class)
          .hasMessageMatching(".*(cut short|not a safetensors file).*");
    }
  }

  @Test
  void truncationNamesTheTensor() throws IOException {
    byte[] file = write(Map.of(), new Slice("wte.weight", new int[] {2}, new float[2], 0));
    byte[] cut = Arrays.copyOf(file, file.length - 1);

    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(cut)))
        .hasMessage(
            "safetensors file is cut short within tensor wte.weight, which takes bytes 0 to 8 of"
                + " the data");
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() throws IOException {
    byte[] file = write(Map.of(), new Slice("x", new int[] {2}, new float[2], 0));
    byte[] longer = Arrays.copyOf(file, file.length + 1);

    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(longer)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("goes on after the last tensor, which ends at byte 8");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 100_000_001, Long.MAX_VALUE})
  void anImpossibleHeaderLengthIsRefused(long length) {
    byte[] file = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();

    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("header length " + Long.toUnsignedString(length));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          []                                                          | not a JSON object
          {"x":                                                       | header is damaged
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} {}   | header is damaged
          {"x":1}                                                     | tensor x lacks dtype, shape or data_offsets
          {"x":{"dtype":"F32","shape":[1]}}                           | tensor x lacks dtype, shape or data_offsets
          {"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}     | tensor x has dtype BF16: only F32 is read
          {"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}     | tensor x has shape [-1]
          {"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}    | tensor x has shape [1.5]
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551616,18446744073709551620]}} | tensor x has data_offsets [18446744073709551616,18446744073709551620]
          {"x":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]}} | more values than a Java array holds
          {"x":{"dtype":"F32","shape":[2147483647,2147483647,4,0],"data_offsets":[0,0]}} | more values than a Java array holds
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}      | tensor x of shape [2] takes 8 bytes, data_offsets are [0,4]
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}      | takes 4 bytes
          {"x":{"dtype":"F32","shape":[1],"data_offsets":["0",4]}}    | tensor x has data_offsets ["0",4]
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}      | tensor x starts at byte 4 and leaves a gap after the header
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor y starts at byte 4 and overlaps x, which ends at byte 8
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | Duplicate field 'x'
          {"__metadata__":{"a":1}}                                    | __metadata__ a is not a string
          {"__metadata__":[]}                                         | __metadata__ is not an object
          """)
  void aDamagedHeaderIsRefusedWithItsReason(String header, String reason) {
    refused(header.getBytes(UTF_8), reason);
  }

  /** Bytes that are zeros make it look like UTF-32. */
  @Test
  void aHeaderWithZerosIsRefusedAsDamaged() {
    refused(new byte[] {'{', 0, 0, 0, 'a', 'b', 'c', 'd'}, "safetensors header is damaged: ");
    refused(new byte[] {0, 0, '{', 0, 0, 0, '}', 0}, "safetensors header is damaged: ");
  }

  private static void refused(byte[] json, String reason) {
    byte[] file =
        ByteBuffer.allocate(8 + json.length + 64)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array();

    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aFalseHeaderCannotClaimTheHeap() {
    byte[] json =
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483639],\"data_offsets\":[0,8589934556]}}"
            .getBytes(UTF_8);
    byte[] file =
        ByteBuffer.allocate(8 + json.length + 64)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array();

    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cut short within tensor x");
  }

  @Test
  void readIntoRefusesOtherTensorsThanAskedFor() throws IOException {
    byte[] file =
        write(
            Map.of(),
            new Slice("x", new int[] {2, 3}, new float[6], 0),
            new Slice("y", new int[] {1}, new float[1], 0));
    Slice x = new Slice("x", new int[] {2, 3}, new float[6], 0);
    Slice y = new Slice("y", new int[] {1}, new float[1], 0);
    Slice z = new Slice("z", new int[] {1}, new float[1], 0);
    Slice transposed = new Slice("x", new int[] {3, 2}, new float[6], 0);

    assertThatThrownBy(() -> readInto(file, x, y, z)).hasMessageContaining("no tensor z");
    assertThatThrownBy(() -> readInto(file, x)).hasMessageContaining("unexpected tensor y");
    assertThatThrownBy(() -> readInto(file, transposed, z))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor x has shape [2, 3], not [3, 2] (and 2 more)");
  }

  private static void readInto(byte[] file, Slice... slices) throws IOException {
    Safetensors.readInto(new ByteArrayInputStream(file), List.of(slices));
  }

  private static byte[] write(Map<String, String> metadata, Slice... slices) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, metadata, List.of(slices));
    return out.toByteArray();
  }
}
