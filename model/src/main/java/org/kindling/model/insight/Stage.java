package org.kindling.model.insight;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;

/**
 * A step of the forward pass, as one would explain it.
 *
 * @param name for example {@code h.0.attn.c_attn}
 * @param does what happens, in a few words
 * @param shape of what comes out, for one sequence of T tokens
 * @param parameters how many numbers were learned for it
 */
public record Stage(String name, String does, List<Integer> shape, long parameters) {

  /** The stages of that model for {@code length} tokens, in their order. */
  public static List<Stage> of(ModelSettings settings, int length) {
    Walk walk = new Walk(ParameterLayout.of(settings), length);
    if (settings.type() == ModelType.BIGRAM) {
      walk.add("table", "each token's row of the table: scores of the next", settings.vocabulary());
      return walk.stages;
    }
    int c = settings.embedding();
    int heads = settings.heads();
    walk.add("wte", "each token's vector, a row of the embedding", c);
    walk.add("wpe", "plus each position's vector", c);
    String sum = settings.residual() ? ", added to the stream" : "";
    for (int l = 0; l < settings.layers(); l++) {
      String h = "h." + l + ".";
      if (settings.layerNorm()) {
        walk.add(h + "ln_1", "each vector to mean 0 and variance 1, gain", c);
      }
      walk.add(h + "attn.c_attn", "queries, keys and values of all heads", 3 * c);
      walk.addShape(
          h + "attn.softmax",
          "how much each token looks at each before it",
          List.of(heads, length, length));
      walk.addShape(
          h + "attn.mix", "each head's mean of values", List.of(heads, length, c / heads));
      if (settings.projection()) {
        walk.add(h + "attn.c_proj", "heads side by side, mixed" + sum, c);
      } else {
        walk.add(h + "attn", "heads side by side" + sum, c);
      }
      if (settings.feedForward()) {
        if (settings.layerNorm()) {
          walk.add(h + "ln_2", "each vector to mean 0 and variance 1, gain", c);
        }
        String activation = settings.activation().settingName();
        boolean projects = settings.feedForwardProjection();
        walk.add(
            h + "mlp.c_fc",
            "each token by itself, then " + activation + (projects ? "" : sum),
            settings.feedForwardSize());
        if (projects) {
          walk.add(h + "mlp.c_proj", "back to the stream's size" + sum, c);
        }
      }
    }
    if (settings.layerNorm()) {
      walk.add("ln_f", "each vector to mean 0 and variance 1, gain", c);
    }
    if (settings.tiedHead()) {
      walk.addShape(
          "wte again", "scores of the next token", List.of(length, settings.vocabulary()));
    } else {
      walk.add("lm_head", "scores of the next token", settings.vocabulary());
    }
    return walk.stages;
  }

  private static final class Walk {
    private final List<Stage> stages = new ArrayList<>();
    private final ParameterLayout layout;
    private final int length;

    Walk(ParameterLayout layout, int length) {
      this.layout = layout;
      this.length = length;
    }

    /** A stage that makes a row for each token. */
    void add(String name, String does, int columns) {
      addShape(name, does, List.of(length, columns));
    }

    void addShape(String name, String does, List<Integer> shape) {
      long parameters = 0;
      for (String part : new String[] {".weight", ".bias"}) {
        if (layout.has(name + part)) {
          Parameter parameter = layout.get(name + part);
          parameters += parameter.length();
        }
      }
      stages.add(new Stage(name, does, shape, parameters));
    }
  }
}
