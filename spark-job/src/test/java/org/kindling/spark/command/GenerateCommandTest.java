package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;

/** Text from a trained model: what the options make of it. */
@ExtendWith(CommandLineFixture.class)
class GenerateCommandTest {
  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void trainARun() {
    run = folder.resolve("run");
    assertThat(train(CommandLineFixture.rhyme(folder), run, "train.steps=25").exitCode()).isZero();
  }

  @Test
  void greedyTextIsAlwaysTheSame() {
    Result greedy = generate("--temperature", "0", "--prompt", "Jack", "--seed", "1");

    assertThat(greedy.exitCode()).isZero();
    assertThat(greedy.err()).isEmpty();
    assertThat(greedy.out())
        .startsWith("Jack")
        .hasSize("Jack".length() + 40 + 1) // far beyond the context of 8, and a line end
        .isEqualTo(generate("--temperature", "0", "--prompt", "Jack", "--seed", "2").out());
  }

  @Test
  void theSameSeedGivesTheSameText() {
    String[] options = {"--top-k", "10", "--top-p", "0.95", "--temperature", "1"};

    String one = generate(with(options, "--seed", "7")).out();
    assertThat(generate(with(options, "--seed", "7")).out()).isEqualTo(one);
    assertThat(generate(with(options, "--seed", "8")).out()).isNotEqualTo(one);
  }

  /** Sample i has the seed plus i. */
  @Test
  void severalSamplesAreThoseOfTheirSeeds() {
    String rule = "---------------\n";

    assertThat(generate("--seed", "7", "--num-samples", "2").out())
        .isEqualTo(generate("--seed", "7").out() + rule + generate("--seed", "8").out() + rule);
  }

  @Test
  void aPromptLongerThanTheContextAndNoTokensAtAll() {
    String prompt = "Jack and Jill went up the hill";

    assertThat(generate("--prompt", prompt).out()).startsWith(prompt).hasSize(prompt.length() + 41);
    assertThat(
            kindling(
                    "generate",
                    "--model",
                    run.toString(),
                    "--prompt",
                    "Jack",
                    "--max-new-tokens",
                    "0")
                .out())
        .isEqualTo("Jack\n");
  }

  private static Result generate(String... more) {
    return kindling(
        with(new String[] {"generate", "--model", run.toString(), "--max-new-tokens", "40"}, more));
  }

  private static String[] with(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }
}
