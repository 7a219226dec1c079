package org.kindling.model.benchmark;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.kindling.model.Activation;
import org.kindling.model.ModelException;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.model.kernels.Kernels;

/**
 * A GPT as a GGUF file (version 3) of architecture {@code gpt2}, 32-bit floats: what llama.cpp
 * reads. Its tokens are characters without a meaning. Biases that the model does not have are
 * written as zeros.
 *
 * <pre>
 * "GGUF", version, number of tensors, number of entries
 * entries: name, type, value
 * tensors: name, dimensions (the innermost first), type, offset
 * data, every tensor at a multiple of 32 bytes
 * </pre>
 *
 * <p>Numbers are little-endian, strings have 64-bit lengths.
 */
final class GgufFile {
  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int FLOAT32 = 6;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int TENSOR_OF_FLOATS = 0;

  private final ModelSettings settings;
  private final ParameterLayout layout;
  private final float[] weights;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final ByteArrayOutputStream table = new ByteArrayOutputStream();
  private final List<Tensor> tensors = new ArrayList<>();
  private int entries;
  private long offset;

  /** Values from a place in the flat vector on, or zeros where that is negative. */
  private record Tensor(int from, int length) {}

  private GgufFile(ModelSettings settings, float[] weights) {
    if (settings.type() != ModelType.GPT
        || settings.activation() != Activation.GELU_TANH
        || !settings.feedForward()
        || !settings.feedForwardProjection()
        || settings.feedForwardWidth() != 4
        || !settings.residual()
        || !settings.layerNorm()
        || !settings.projection()) {
      throw new ModelException("llama.cpp's gpt2 has all parts, and model.activation = gelu-tanh");
    }
    this.settings = settings;
    this.layout = ParameterLayout.of(settings);
    this.weights = weights;
  }

  /** Writes a model. */
  static void write(Path file, ModelSettings settings, float[] weights) throws IOException {
    GgufFile gguf = new GgufFile(settings, weights);
    gguf.describe();
    gguf.list();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      gguf.writeTo(out);
    }
  }

  private void describe() {
    entry("general.architecture", "gpt2");
    entry("gpt2.context_length", settings.context());
    entry("gpt2.embedding_length", settings.embedding());
    entry("gpt2.feed_forward_length", settings.feedForwardSize());
    entry("gpt2.block_count", settings.layers());
    entry("gpt2.attention.head_count", settings.heads());
    entry("gpt2.vocab_size", settings.vocabulary());
    name("gpt2.attention.layer_norm_epsilon");
    head.writeBytes(number(8).putInt(FLOAT32).putFloat((float) Kernels.EPSILON).array());
    entry("tokenizer.ggml.model", "gpt2");
    // Node's side wants a tokenizer; ours is characters that stand for ids.
    strings("tokenizer.ggml.tokens", settings.vocabulary());
    strings("tokenizer.ggml.merges", 0);
  }

  private void list() {
    tensor("token_embd.weight", "wte.weight");
    tensor("position_embd.weight", "wpe.weight");
    for (int l = 0; l < settings.layers(); l++) {
      String theirs = "blk." + l + ".";
      String ours = "h." + l + ".";
      linear(theirs + "attn_norm", ours + "ln_1");
      linear(theirs + "attn_qkv", ours + "attn.c_attn");
      linear(theirs + "attn_output", ours + "attn.c_proj");
      linear(theirs + "ffn_norm", ours + "ln_2");
      linear(theirs + "ffn_up", ours + "mlp.c_fc");
      linear(theirs + "ffn_down", ours + "mlp.c_proj");
    }
    linear("output_norm", "ln_f");
    if (!settings.tiedHead()) {
      if (layout.has("lm_head.bias")) {
        throw new ModelException("llama.cpp's gpt2 has a head without a bias");
      }
      tensor("output.weight", "lm_head.weight");
    }
  }

  private void linear(String theirs, String ours) {
    tensor(theirs + ".weight", ours + ".weight");
    if (layout.has(ours + ".bias")) {
      tensor(theirs + ".bias", ours + ".bias");
    } else {
      add(theirs + ".bias", List.of(layout.get(ours + ".weight").shape().get(0)), -1);
    }
  }

  private void tensor(String theirs, String ours) {
    Parameter parameter = layout.get(ours);
    add(theirs, parameter.shape(), parameter.offset());
  }

  private void add(String theirs, List<Integer> shape, int from) {
    table.writeBytes(string(theirs));
    table.writeBytes(number(4).putInt(shape.size()).array());
    long length = 1;
    for (int d = shape.size() - 1; d >= 0; d--) {
      table.writeBytes(number(8).putLong(shape.get(d)).array());
      length *= shape.get(d);
    }
    table.writeBytes(number(12).putInt(TENSOR_OF_FLOATS).putLong(offset).array());
    tensors.add(new Tensor(from, Math.toIntExact(length)));
    offset += length * Float.BYTES + padding(length * Float.BYTES);
  }

  private void writeTo(OutputStream out) throws IOException {
    out.write("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.write(number(20).putInt(3).putLong(tensors.size()).putLong(entries).array());
    head.writeTo(out);
    table.writeTo(out);
    out.write(new byte[padding(24 + head.size() + table.size())]);
    for (Tensor tensor : tensors) {
      ByteBuffer bytes = number(tensor.length * Float.BYTES);
      if (tensor.from >= 0) {
        bytes.asFloatBuffer().put(weights, tensor.from, tensor.length);
      }
      out.write(bytes.array());
      out.write(new byte[padding(bytes.capacity())]);
    }
  }

  private void entry(String name, String value) {
    name(name);
    head.writeBytes(number(4).putInt(STRING).array());
    head.writeBytes(string(value));
  }

  private void entry(String name, int value) {
    name(name);
    head.writeBytes(number(8).putInt(UINT32).putInt(value).array());
  }

  private void strings(String name, int count) {
    name(name);
    head.writeBytes(number(16).putInt(ARRAY).putInt(STRING).putLong(count).array());
    for (int i = 0; i < count; i++) {
      head.writeBytes(string(Character.toString('!' + i)));
    }
  }

  private void name(String name) {
    head.writeBytes(string(name));
    entries++;
  }

  private static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return number(8 + bytes.length).putLong(bytes.length).put(bytes).array();
  }

  private static int padding(long length) {
    return (int) (-length & (ALIGNMENT - 1));
  }

  private static ByteBuffer number(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
