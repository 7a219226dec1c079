package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.refused;
import static org.kindling.spark.command.CommandLineFixture.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.command.CommandLineFixture.Result;

/** The commands that show what goes on in a model: {@code explain} and {@code attention}. */
@ExtendWith(CommandLineFixture.class)
class LookingInsideTest {
  @TempDir static Path folder;
  private static Path run;
  private static Path bigram;

  @BeforeAll
  static void trainModels() {
    Path text = CommandLineFixture.rhyme(folder);
    run = folder.resolve("run");
    bigram = folder.resolve("bigram");
    assertThat(train(text, run, "train.steps=60", "train.eval-every=20").exitCode()).isZero();
    assertThat(train(text, bigram, "model.type=bigram", "train.steps=20").exitCode()).isZero();
  }

  private static Result look(String command, Path model, String prompt, String... more) {
    List<String> words =
        new java.util.ArrayList<>(
            List.of(command, "--model", model.toString(), "--prompt", prompt));
    words.addAll(List.of(more));
    return kindling(words.toArray(String[]::new));
  }

  @Test
  void explainWalksThroughOnePass() {
    Result result = look("explain", run, "Jack f");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("'J'", "h.0.attn.softmax  (2, 6, 6)", "h.0.mlp.c_fc      (6, 64)", "wte again")
        .containsPattern("\\n +0 +'J' +'a' ")
        .containsPattern(
            "mean [0-9.]+, perplexity [0-9.]+; a model that knows nothing has ln V = ");
  }

  /** Eight characters are seven targets for both. */
  @Test
  void explainsMeanLossIsThatOfEvaluate() throws IOException {
    String prompt = "and Jill";
    Path text = Files.writeString(folder.resolve("prompt.txt"), prompt);

    Result exact =
        kindling(
            "evaluate",
            "--model",
            run.toString(),
            "--input",
            text.toString(),
            "data.validation-fraction=1");
    Result explained = look("explain", run, prompt);

    double mean =
        explained
            .out()
            .lines()
            .filter(line -> line.strip().startsWith("mean "))
            .mapToDouble(line -> Double.parseDouble(line.strip().split("[ ,]+")[1]))
            .findFirst()
            .orElseThrow();
    assertThat(exact.out()).contains("targets              7 ");
    assertThat(mean).isCloseTo(exact.figure("loss"), within(1e-4));
  }

  @Test
  void explainKnowsABigramAndAPromptOfOneToken() {
    assertThat(look("explain", bigram, "Jack").out()).contains("table", "(4, ");
    assertThat(look("explain", run, "J").out()).contains("one token has no token after it");
  }

  @Test
  void aLongPromptIsCutAtItsBeginning() {
    assertThat(look("explain", run, "Jack and Jill went").out())
        .contains("T = 8", "without the first 10");
  }

  @Test
  void attentionIsAPageWithAllProbabilities() throws IOException {
    Path page = folder.resolve("attention.html");

    Result result = look("attention", run, "a fell", "--output", page.toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    String html = Files.readString(page);
    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContain("src=", "href=", "url(", "@import", "{{");
    JsonNode data = new ObjectMapper().readTree(between(html, "id=\"data\">", "</script>"));
    assertThat(data.get("tokens")).hasSize(6);
    assertThat(data.get("attention")).hasSize(1);
    assertThat(data.get("next")).hasSize(6);
    for (JsonNode head : data.get("attention").get(0)) {
      assertThat(head).hasSize(21); // a triangle of six rows
      for (int row = 0, at = 0; row < 6; at += ++row) {
        double sum = 0;
        for (int i = at; i <= at + row; i++) {
          sum += head.get(i).asDouble() / 1000;
        }
        assertThat(sum).as("row %d", row).isCloseTo(1, within(0.004));
      }
    }
    assertThat(look("attention", run, "a", "--output", page.toString()).err())
        .contains("--output", "exists");
    assertThat(look("attention", run, "a", "--output", page.toString(), "--overwrite").exitCode())
        .isZero();
  }

  private static String between(String text, String before, String after) {
    int start = text.indexOf(before) + before.length();
    return text.substring(start, text.indexOf(after, start));
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain", "attention"})
  void badInput(String command) {
    Path never = folder.resolve("never.html");
    String[] output =
        command.equals("attention") ? new String[] {"--output", never.toString()} : new String[0];
    refused(look(command, run, "", output), "--prompt is empty");
    refused(look(command, run, "J€", output), "the tokenizer does not know the character '€'");
    refused(look(command, folder.resolve("gone"), "J", output), "is not a run");
    refused(kindling(command, "--model", run.toString()), "--prompt");
    refused(look("attention", bigram, "J", "--output", never.toString()), "has no attention");
    assertThat(never).doesNotExist();
  }

  /** The run above was evaluated three times, and wrote a few words each time. */
  @Test
  void aRunsReportHasASampleOfEachEvaluation() throws IOException {
    List<String> samples = Files.readAllLines(run.resolve("samples.jsonl"));
    assertThat(samples).hasSize(3);
    assertThat(samples.get(0)).startsWith("{\"step\":20,");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("After step 20<", "After step 40<", "After step 60<", "Provenance");
  }
}
