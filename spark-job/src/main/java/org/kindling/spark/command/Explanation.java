package org.kindling.spark.command;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.insight.ForwardPass;
import org.kindling.model.insight.ForwardPass.Candidate;
import org.kindling.model.insight.Stage;

/** One forward pass as a text for someone who reads along in the model's code. */
final class Explanation {
  private static final int AT_THE_END = 10;

  private final PromptOptions.Pass pass;
  private final ForwardPass forward;
  private final TokenText tokens;
  private final StringBuilder text = new StringBuilder();

  Explanation(PromptOptions.Pass pass) {
    this.pass = pass;
    this.forward = pass.forward();
    this.tokens = new TokenText(pass.trained().tokenizer());
  }

  String text() {
    ModelSettings model = pass.model();
    line(
        "%s: %,d parameters, V = %,d tokens, T = %d of context",
        pass.title(), ParameterLayout.of(model).size(), model.vocabulary(), model.context());
    tokensAndIds();
    stages();
    candidates();
    losses();
    return text.toString();
  }

  private void tokensAndIds() {
    line("");
    line("1. The prompt's tokens and their ids, T = %d", forward.length());
    if (pass.leftOut() > 0) {
      line("   (without the first %d, for which the context has no room)", pass.leftOut());
    }
    line("");
    int width = 1;
    for (int id : forward.ids()) {
      width = Math.max(width, Math.max(shown(id).length(), Integer.toString(id).length()));
    }
    int columns = Math.max(1, 88 / (width + 2));
    for (int from = 0; from < forward.length(); from += columns) {
      StringBuilder names = new StringBuilder("  ");
      StringBuilder ids = new StringBuilder("  ");
      for (int t = from; t < Math.min(from + columns, forward.length()); t++) {
        names.append(padded(shown(forward.ids()[t]), width + 2));
        ids.append(padded(Integer.toString(forward.ids()[t]), width + 2));
      }
      line("%s", names);
      line("%s", ids);
    }
  }

  private void stages() {
    line("");
    line("2. Through the model, stage by stage");
    line("");
    List<Stage> stages = Stage.of(pass.model(), forward.length());
    int names = stages.stream().mapToInt(stage -> stage.name().length()).max().orElse(0);
    int shapes = stages.stream().mapToInt(stage -> shape(stage).length()).max().orElse(0);
    for (Stage stage : stages) {
      line(
          "  %s  %s  %11s  %s",
          padded(stage.name(), names),
          padded(shape(stage), shapes),
          stage.parameters() == 0 ? "" : String.format(Locale.ROOT, "%,d", stage.parameters()),
          stage.does());
    }
    line("");
    line("  (name, shape of what comes out, learned numbers, what happens)");
  }

  private static String shape(Stage stage) {
    return stage.shape().stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  private void candidates() {
    int last = forward.length() - 1;
    line("");
    line("3. What comes next: softmax of the last row of scores");
    line("");
    line("  token       logit   probability");
    for (Candidate candidate : forward.likeliest(last, AT_THE_END)) {
      line(
          "  %s %8.3f   %10.4f  %s",
          padded(shown(candidate.id()), 8),
          candidate.logit(),
          candidate.probability(),
          "#".repeat((int) Math.round(40 * candidate.probability())));
    }
  }

  private void losses() {
    line("");
    line("4. The loss of each position, -ln p(the token that follows), in nats");
    line("");
    line("  position  token     next      p(next)     loss   likeliest");
    double sum = 0;
    for (int t = 0; t + 1 < forward.length(); t++) {
      int next = forward.ids()[t + 1];
      double loss = forward.loss(t, next);
      Candidate best = forward.likeliest(t, 1).get(0);
      sum += loss;
      line(
          "  %8d  %s  %s  %7.4f  %7.4f   %s %.4f",
          t,
          padded(shown(forward.ids()[t]), 8),
          padded(shown(next), 8),
          Math.exp(-loss),
          loss,
          padded(shown(best.id()), 8),
          best.probability());
    }
    line("");
    if (forward.length() == 1) {
      line("  one token has no token after it, and so no loss");
    } else {
      double mean = sum / (forward.length() - 1);
      line(
          "  mean %.4f, perplexity %.3f; a model that knows nothing has ln V = %.4f",
          mean, Math.exp(mean), Math.log(pass.model().vocabulary()));
    }
  }

  /** A token in quotes, so that spaces are seen. */
  private String shown(int id) {
    return "'" + tokens.of(id) + "'";
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private void line(String pattern, Object... values) {
    text.append(String.format(Locale.ROOT, pattern, values).stripTrailing()).append('\n');
  }
}
