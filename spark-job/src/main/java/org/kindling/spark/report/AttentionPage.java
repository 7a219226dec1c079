package org.kindling.spark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Makes the page of a prompt's attention: data as JSON, drawn by the page's own script. Nothing is
 * loaded from anywhere.
 */
public final class AttentionPage {
  /** Probabilities go into the page as whole thousandths. */
  private static final int SCALE = 1000;

  private static final JsonMapper JSON = new JsonMapper();

  private AttentionPage() {}

  /** A token that may come next, as people read it. */
  public record Guess(String token, double probability) {}

  /**
   * What the model expects after a position.
   *
   * @param guesses likeliest first
   * @param actual probability of the token that does follow; NaN behind the last
   */
  public record Next(List<Guess> guesses, double actual) {}

  /**
   * The page.
   *
   * @param title names the model
   * @param tokens T of them, as people read them
   * @param attention of each layer (H, T, T)
   * @param next T of them
   */
  public static String html(
      String title, List<String> tokens, List<float[][][]> attention, List<Next> next) {
    ObjectNode data = JSON.createObjectNode();
    tokens.forEach(data.putArray("tokens")::add);
    ArrayNode layers = data.putArray("attention");
    for (float[][][] heads : attention) {
      ArrayNode layer = layers.addArray();
      for (float[][] head : heads) {
        layer.add(triangle(head));
      }
    }
    ArrayNode positions = data.putArray("next");
    for (Next one : next) {
      ObjectNode position = positions.addObject();
      ArrayNode guesses = position.putArray("guesses");
      one.guesses()
          .forEach(
              guess -> guesses.addArray().add(guess.token()).add(rounded(guess.probability())));
      if (Double.isFinite(one.actual())) {
        position.put("actual", rounded(one.actual()));
      }
    }
    return Template.fill(
        "attention.html",
        "title",
        Markup.escape(title),
        "data",
        inScript(data),
        "script",
        Template.resource("attention.js"));
  }

  /** Row after row, each as far as its own token. */
  private static ArrayNode triangle(float[][] head) {
    ArrayNode values = JSON.createArrayNode();
    for (int t = 0; t < head.length; t++) {
      for (int s = 0; s <= t; s++) {
        values.add(Math.round(head[t][s] * SCALE));
      }
    }
    return values;
  }

  private static double rounded(double probability) {
    return Math.round(probability * 10_000) / 10_000.0;
  }

  /** JSON that no markup begins or ends in, whatever the tokens are. */
  private static String inScript(ObjectNode data) {
    try {
      return JSON.writeValueAsString(data).replace("<", "\\u003c").replace("&", "\\u0026");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is JSON", e);
    }
  }
}
