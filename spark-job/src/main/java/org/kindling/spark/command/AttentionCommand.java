package org.kindling.spark.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.insight.ForwardPass;
import org.kindling.spark.InputException;
import org.kindling.spark.report.AttentionPage;
import org.kindling.spark.session.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code attention}: a page that shows what each token of a prompt looks at. */
@Command(
    name = "attention",
    description = {
      "Writes a page with the attention of every layer and head over a prompt's tokens,",
      "and what the model expects after each of them."
    },
    sortOptions = false)
final class AttentionCommand implements Callable<Integer> {
  private static final int CANDIDATES = 5;

  private static final int MOST_CELLS = 8_000_000;

  @Mixin private PromptOptions options;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "attention.html",
      description = "Page to write. Default: ${DEFAULT-VALUE}.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the page that --output names.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Configuration hadoop = Sessions.hadoop();
    NewOutput file = NewOutput.file(output, overwrite, hadoop);
    PromptOptions.Pass pass = options.run(hadoop, AttentionCommand::refuseTooLarge);
    if (pass.model().type() == ModelType.BIGRAM) {
      throw new InputException(
          "%s: model.type = bigram has no attention to show".formatted(pass.directory()));
    }
    String page =
        AttentionPage.html(pass.title(), tokens(pass), pass.forward().attention(), next(pass));
    file.write(out -> out.write(page.getBytes(UTF_8)));
    System.out.printf(
        "%d tokens%s, %d layers of %d heads: %s%n",
        pass.forward().length(),
        pass.leftOut() == 0 ? "" : " (the last ones; the context has no room for more)",
        pass.model().layers(),
        pass.model().heads(),
        file);
    return 0;
  }

  /** A page holds each number that it shows, and draws all maps when it opens. */
  static void refuseTooLarge(ModelSettings model, int tokens) {
    int heads = model.layers() * model.heads();
    int most = (int) Math.sqrt(2.0 * MOST_CELLS / heads);
    if (model.type() == ModelType.GPT && tokens > most) {
      throw new InputException(
          "%d tokens in %d heads are more than a page can show: shorten the prompt to %d tokens"
              .formatted(tokens, heads, most));
    }
  }

  private static List<String> tokens(PromptOptions.Pass pass) {
    TokenText text = new TokenText(pass.trained().tokenizer());
    return Arrays.stream(pass.forward().ids()).mapToObj(text::of).toList();
  }

  private static List<AttentionPage.Next> next(PromptOptions.Pass pass) {
    TokenText text = new TokenText(pass.trained().tokenizer());
    ForwardPass forward = pass.forward();
    return IntStream.range(0, forward.length())
        .mapToObj(
            t ->
                new AttentionPage.Next(
                    forward.likeliest(t, CANDIDATES).stream()
                        .map(one -> new AttentionPage.Guess(text.of(one.id()), one.probability()))
                        .toList(),
                    t + 1 == forward.length()
                        ? Double.NaN
                        : Math.exp(-forward.loss(t, forward.ids()[t + 1]))))
        .toList();
  }
}
