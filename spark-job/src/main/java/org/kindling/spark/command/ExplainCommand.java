package org.kindling.spark.command;

import java.util.concurrent.Callable;
import org.kindling.spark.session.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code explain}: a walk through one forward pass, in text. */
@Command(
    name = "explain",
    description = {
      "Walks through one forward pass: tokens, ids, the shape of what each stage makes, the next",
      "tokens that the model expects, and the loss that each position has."
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  @Mixin private PromptOptions options;

  @Override
  public Integer call() {
    PromptOptions.Pass pass = options.run(Sessions.hadoop(), (model, tokens) -> {});
    System.out.print(new Explanation(pass).text());
    return 0;
  }
}
