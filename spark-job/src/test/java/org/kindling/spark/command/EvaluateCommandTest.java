package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;

/** The exact loss of a trained model. */
@ExtendWith(CommandLineFixture.class)
class EvaluateCommandTest {
  @TempDir static Path folder;
  private static Path run;
  private static Result trained;

  @BeforeAll
  static void trainARun() {
    run = folder.resolve("run");
    trained = train(CommandLineFixture.rhyme(folder), run, "train.steps=25");
    assertThat(trained.exitCode()).isZero();
  }

  @Test
  void evaluationIsExactAndRepeatable() {
    Result first = kindling("evaluate", "--model", run.toString());

    assertThat(first.err()).isEmpty();
    double loss = first.figure("loss");
    assertThat(first.figure("perplexity")).isCloseTo(Math.exp(loss), within(1e-3));
    assertThat(first.figure("bits per character")).isCloseTo(loss / Math.log(2), within(1e-5));
    assertThat(first.figure("targets"))
        .isEqualTo(Math.ceil(0.1 * CommandLineFixture.RHYME.length()) - 1);
    assertThat(trained.out())
        .contains(String.format(Locale.ROOT, "best validation loss %.4f at", loss));
    assertThat(kindling("evaluate", "--model", run.toString()).out()).isEqualTo(first.out());
  }

  @Test
  void allOfAnotherTextCanBeEvaluated() {
    Path other = CommandLineFixture.write(folder.resolve("other.txt"), "Jill came up the hill.\n");

    Result result =
        kindling(
            "evaluate",
            "--model",
            run.toString(),
            "--input",
            other.toString(),
            "data.validation-fraction=1");

    assertThat(result.err()).isEmpty();
    assertThat(result.figure("targets")).isEqualTo(22);
  }
}
