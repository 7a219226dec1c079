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
      return shape.size() >= 2;
    }
  }

  /**
   * Initial values: a normal distribution around {@code mean}; a deviation of 0 makes a constant.
   *
   * @param mean 1 for gains, 0 otherwise
   * @param deviation standard deviation
   */
  public record Start(double mean, double deviation) {}

  private ParameterLayout(List<Parameter> parameters, int size) {
    this.parameters = List.copyOf(parameters);
    this.byName =
        parameters.stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
    this.size = size;
  }

  /**
   * The layout of a model of those settings; ModelException where it would exceed 2^31 - 1
   * parameters.
   */
  public static ParameterLayout of(ModelSettings s) {
    Builder b = new Builder(s);
    int c = s.embedding();
    if (s.type() == ModelType.BIGRAM) {
      b.add("table.weight", NORMAL, s.vocabulary(), s.vocabulary());
      return b.build();
    }
    // GPT-2's scheme: the 2L products that feed the residual stream start smaller, so its variance
    // does not grow with depth.
    Start residual = new Start(0, 0.02 / Math.sqrt(2.0 * s.layers()));
    b.add("wte.weight", NORMAL, s.vocabulary(), c);
    b.add("wpe.weight", NORMAL, s.context(), c);
    for (int l = 0; l < s.layers(); l++) {
      String h = "h." + l + ".";
      b.norm(h + "ln_1", c, s.bias());
      b.linear(h + "attn.c_attn", NORMAL, 3 * c, c, s.qkvBias());
      b.linear(h + "attn.c_proj", residual, c, c, s.bias());
      b.norm(h + "ln_2", c, s.bias());
      b.linear(h + "mlp.c_fc", NORMAL, 4 * c, c, s.bias());
      b.linear(h + "mlp.c_proj", residual, c, 4 * c, s.bias());
    }
    b.norm("ln_f", c, s.bias());
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

  private static final Start NORMAL = new Start(0, 0.02);
  private static final Start ZERO = new Start(0, 0);
  private static final Start ONE = new Start(1, 0);

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
      if (size > Integer.MAX_VALUE - 8) {
        throw new ModelException(
            "the model has more than %d parameters, the largest vector a JVM holds; %s"
                .formatted(
                    Integer.MAX_VALUE - 8,
                    settings.type() == ModelType.BIGRAM
                        ? "model.type = bigram is no choice for a vocabulary of "
                            + settings.vocabulary()
                        : "lower model.embedding = %d or model.layers = %d"
                            .formatted(settings.embedding(), settings.layers())));
      }
    }

    void linear(String name, Start start, int out, int in, boolean bias) {
      add(name + ".weight", start, out, in);
      if (bias) {
        add(name + ".bias", ZERO, out);
      }
    }

    void norm(String name, int c, boolean bias) {
      add(name + ".weight", ONE, c);
      if (bias) {
        add(name + ".bias", ZERO, c);
      }
    }

    ParameterLayout build() {
      return new ParameterLayout(parameters, (int) size);
    }
  }
}
