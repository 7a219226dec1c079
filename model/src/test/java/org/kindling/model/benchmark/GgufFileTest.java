package org.kindling.model.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;

/** What a reader of the format finds in a file of ours. */
class GgufFileTest {
  private static final int V = 5;

  @Test
  void everyTensorLiesWhereTheFileSays(@TempDir Path folder) throws IOException {
    ModelSettings model =
        new ModelSettings(ModelType.GPT, 2, 1, 3, 4, V, 0, true, false, true, Activation.GELU_TANH);
    ParameterLayout layout = ParameterLayout.of(model);
    float[] weights = new float[layout.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i + 1;
    }
    Path file = folder.resolve("model.gguf");
    GgufFile.write(file, model, weights);

    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getInt()).isEqualTo(0x46554747); // GGUF
    assertThat(in.getInt()).isEqualTo(3);
    int tensors = (int) in.getLong();
    skipEntries(in, (int) in.getLong());
    Map<String, long[]> places = new LinkedHashMap<>();
    for (int t = 0; t < tensors; t++) {
      String name = string(in);
      long length = 1;
      for (int d = in.getInt(); d > 0; d--) {
        length *= in.getLong();
      }
      assertThat(in.getInt()).as("type of %s", name).isZero();
      places.put(name, new long[] {in.getLong(), length});
    }
    int data = (in.position() + 31) / 32 * 32;

    assertThat(places).hasSize(2 + 2 * 12 + 2);
    assertSame(in, data, places.get("token_embd.weight"), weights, layout.get("wte.weight"));
    assertSame(
        in, data, places.get("blk.1.ffn_up.weight"), weights, layout.get("h.1.mlp.c_fc.weight"));
    assertSame(in, data, places.get("output_norm.bias"), weights, layout.get("ln_f.bias"));
    long[] absent = places.get("blk.0.attn_qkv.bias");
    assertThat(absent[1]).isEqualTo(9);
    assertThat(in.getFloat(data + (int) absent[0])).isZero();
    long[] last = places.get("output_norm.bias");
    assertThat(in.capacity()).isEqualTo(data + last[0] + 32);
  }

  private static void skipEntries(ByteBuffer in, int count) {
    for (int i = 0; i < count; i++) {
      String name = string(in);
      int type = in.getInt();
      switch (type) {
        case 4, 6 -> in.getInt();
        case 8 -> string(in);
        case 9 -> {
          in.getInt();
          for (long left = in.getLong(); left > 0; left--) {
            string(in);
          }
        }
        default -> throw new AssertionError(name + " has type " + type);
      }
    }
  }

  private static String string(ByteBuffer in) {
    byte[] bytes = new byte[(int) in.getLong()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void assertSame(
      ByteBuffer in, int data, long[] place, float[] weights, Parameter parameter) {
    assertThat(place[0] % 32).isZero();
    assertThat(place[1]).isEqualTo(parameter.length());
    for (int i = 0; i < parameter.length(); i++) {
      assertThat(in.getFloat(data + (int) place[0] + 4 * i))
          .isEqualTo(weights[parameter.offset() + i]);
    }
  }
}
