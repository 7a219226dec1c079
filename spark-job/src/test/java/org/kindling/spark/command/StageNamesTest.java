package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.StageNames;

/** Spark's pages say of each stage what it does, not which line of code started it. */
@ExtendWith(CommandLineFixture.class)
class StageNamesTest {
  @TempDir Path folder;

  @Test
  void stagesAreNamedAfterWhatTheyDo() throws IOException {
    Path text = CommandLineFixture.rhyme(folder);
    Path run = folder.resolve("run");

    List<String> training =
        StageNames.during(() -> CommandLineFixture.train(text, run, "train.steps=12"));
    // On a busy machine the tasks that stay for many steps may have to come back.
    assertThat(training.stream().map(name -> name.replaceFirst("^steps \\d+", "steps")).distinct())
        .containsExactly(
            "count characters",
            "count tokens",
            "build training shards",
            "build validation shards",
            "steps to 10: gradients",
            "evaluate",
            "steps to 12: gradients");

    List<String> evaluation =
        StageNames.during(() -> kindling("evaluate", "--model", run.toString()));
    assertThat(evaluation)
        .containsExactly(
            "count tokens", "build validation shards", "evaluate", "count characters of targets");

    String json = folder.resolve("tokenizer.json").toString();
    String input = "--input=" + text;
    List<String> learning =
        StageNames.during(
            () -> kindling("tokenizer", "train", input, "--vocab-size=270", "--output=" + json));
    assertThat(learning).containsExactly("count pre-tokens", "add counts of pre-tokens");

    String ids = folder.resolve("ids").toString();
    List<String> encoding =
        StageNames.during(
            () ->
                kindling(
                    "tokenizer", "encode", "--tokenizer=" + json, input + "*", "--output=" + ids));
    assertThat(encoding).containsExactly("encode");
  }
}
