package org.kindling.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where each parameter tensor lies in the flat vector of P numbers. Weights, gradients and
 * optimizer moments all share this layout, so a step on Spark moves plain arrays and only a replica
 * knows tensors.
 *
 * <p>Names are GPT-2's, linear weights are (out, in): {@code wte.weight} (V, C), {@code wpe.weight}
 * (T, C), {@code h.0.attn.c_attn.weight} (3C, C), ... A bigram has {@code table.weight} (V, V)
 * alone.
 */
public final class ParameterLayout {
  private final List<Parameter> parameters;
  private final Map<String, Parameter> byName;
  private final int size;

  /**
   * One tensor of the flat vector.
   *
   * @param name GPT-2's name
   * @param shape its dimensions, row-major
   * @param offset where it starts in the flat vector
   * @param start what it holds before training
   */
  public record Parameter(String name, List<Integer> shape, int offset, Start start) {
    /** Number of values: the product of the dimensions. */
    public int length() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** Whether AdamW's weight decay applies: to matrices and tables, not to gains and biases. */
    public boolean decays() {
      return isMatrix();
    }

    /** Whether it is a matrix or table, (rows, columns), and not a vector. */
    public boolean isMatrix() {
      return shape.size() >= 2;
    }
  }

  /** What a tensor holds before training. */
  public sealed interface Start {}

  /** The same value everywhere. */
  public record Constant(double value) implements Start {}

  /** A normal distribution around 0. */
  public record Normal(double deviation) implements Start {}

  /** Evenly between {@code -limit} and {@code limit}. */
  public record Uniform(double limit) implements Start {}

  private ParameterLayout(List<Parameter> parameters, int size) {
    this.parameters = List.copyOf(parameters);
    this.byName =
        parameters.stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
    this.size = size;
  }

  /**
   * The layout of a model of those settings; ModelException where it would exceed what an array
   * holds, some 2^31 parameters.
   */
  public static ParameterLayout of(ModelSettings s) {
    Builder b = new Builder(s);
    int c = s.embedding();
    if (s.type() == ModelType.BIGRAM) {
      Start table = s.initialWeights() == InitialScheme.GPT2 ? NORMAL : new Normal(1);
      b.add("table.weight", table, s.vocabulary(), s.vocabulary());
      return b.build();
    }
    // GPT-2's scheme: the 2L products that feed the residual stream start smaller, so its variance
    // does not grow with depth.
    Start residual = new Normal(0.02 / Math.sqrt(2.0 * s.layers()));
    Start embedding = s.initialWeights() == InitialScheme.GPT2 ? NORMAL : new Normal(1);
    b.add("wte.weight", embedding, s.vocabulary(), c);
    b.add("wpe.weight", embedding, s.context(), c);
    for (int l = 0; l < s.layers(); l++) {
      String h = "h." + l + ".";
      b.norm(h + "ln_1", c);
      b.linear(h + "attn.c_attn", NORMAL, 3 * c, c, s.qkvBias());
      if (s.projection()) {
        b.linear(h + "attn.c_proj", residual, c, c, s.bias());
      }
      if (s.feedForward()) {
        b.norm(h + "ln_2", c);
        b.linear(h + "mlp.c_fc", NORMAL, s.feedForwardSize(), c, s.bias());
        if (s.feedForwardProjection()) {
          b.linear(h + "mlp.c_proj", residual, c, s.feedForwardSize(), s.bias());
        }
      }
    }
    b.norm("ln_f", c);
    if (!s.tiedHead()) {
      b.linear("lm_head", NORMAL, s.vocabulary(), c, s.bias());
    }
    return b.build();
  }

  /** All tensors in the order of the flat vector. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** P, the length of the flat vector. */
  public int size() {
    return size;
  }

  /** Whether the model has a tensor of that name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The tensor of that name; an unknown name is a defect of the caller. */
  public Parameter get(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return parameter;
  }

  /** A vector is one Java array. Loops over it go in pieces, whose ends must be numbers, too. */
  private static final int MOST_PARAMETERS = Integer.MAX_VALUE - (1 << 20);

  private static final Start NORMAL = new Normal(0.02);
  private static final Start ZERO = new Constant(0);
  private static final Start ONE = new Constant(1);

  private static final class Builder {
    private final List<Parameter> parameters = new ArrayList<>();
    private final ModelSettings settings;
    private long size;

    Builder(ModelSettings settings) {
      this.settings = settings;
    }

    void add(String name, Start start, int... shape) {
      List<Integer> dimensions = java.util.Arrays.stream(shape).boxed().toList();
      parameters.add(new Parameter(name, dimensions, (int) size, start));
      size += dimensions.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
      if (size > MOST_PARAMETERS) {
        throw new ModelException(
            "the model has more than %d parameters, which is the most that an array holds; %s"
                .formatted(
                    MOST_PARAMETERS,
                    settings.type() == ModelType.BIGRAM
                        ? "model.type = bigram is no choice for a vocabulary of "
                            + settings.vocabulary()
                        : "lower model.embedding = %d or model.layers = %d"
                            .formatted(settings.embedding(), settings.layers())));
      }
    }

    /** {@code gpt2} is where weights start in that scheme; PyTorch knows one rule for all. */
    void linear(String name, Start gpt2, int out, int in, boolean bias) {
      boolean isGpt2 = settings.initialWeights() == InitialScheme.GPT2;
      Start torch = new Uniform(1 / Math.sqrt(in));
      add(name + ".weight", isGpt2 ? gpt2 : torch, out, in);
      if (bias) {
        add(name + ".bias", isGpt2 ? ZERO : torch, out);
      }
    }

    void norm(String name, int c) {
      if (!settings.layerNorm()) {
        return;
      }
      add(name + ".weight", ONE, c);
      if (settings.bias()) {
        add(name + ".bias", ZERO, c);
      }
    }

    ParameterLayout build() {
      return new ParameterLayout(parameters, (int) size);
    }
  }
}
