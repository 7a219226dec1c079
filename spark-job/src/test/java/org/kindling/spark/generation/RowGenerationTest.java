package org.kindling.spark.generation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.BytePairs;
import org.kindling.spark.run.TrainedModel;
import org.kindling.tokenizer.Tokenizer;

/** Lines of JSON through a decoder, without Spark. */
class RowGenerationTest {
  private static final SharedModel MODEL = SharedModel.of(RandomModel.ofCharacters());
  private static final BatchSettings SETTINGS =
      BatchSettings.DEFAULTS
          .withGeneration(new GenerationSettings(20, SamplingSettings.at(1, 7), List.of()))
          .withSlots(4);

  private static List<String> run(SharedModel model, BatchSettings settings, List<String> lines) {
    LineFormat format = LineFormat.Json.of(settings.promptField());
    List<String> out = new ArrayList<>();
    Iterator<byte[]> rows = lines.stream().map(line -> line.getBytes(UTF_8)).iterator();
    try (Decoder decoder = model.decoder(settings.slots())) {
      Iterator<byte[]> completed =
          new RowGeneration<>(
              rows, format, settings, model.tokenizer(), decoder, new RowGeneration.Listener() {});
      completed.forEachRemaining(line -> out.add(new String(line, UTF_8)));
    }
    return out;
  }

  private static List<String> run(BatchSettings settings, String... lines) {
    return run(MODEL, settings, Arrays.asList(lines));
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static JsonNode one(BatchSettings settings, String line) {
    List<String> out = run(settings, line);
    assertThat(out).hasSize(1);
    return json(out.get(0));
  }

  private static List<String> prompts(int count) {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 1 + random.nextInt(40); // longer than T, too
      StringBuilder prompt = new StringBuilder();
      for (int c = 0; c < length; c++) {
        prompt.append(RandomModel.ALPHABET.charAt(11 + random.nextInt(50)));
      }
      String tokens = i % 3 == 0 ? "" : ",\"max_new_tokens\":" + random.nextInt(30);
      lines.add("{\"prompt\":\"%s\",\"id\":%d%s}".formatted(prompt, i, tokens));
    }
    return lines;
  }

  @Test
  void theTextOfARowDependsOnTheRowAlone() {
    List<String> lines = prompts(50);
    List<String> expected = new ArrayList<>();
    for (String line : lines) {
      expected.addAll(run(SETTINGS.withSlots(1), line));
    }

    for (int slots : new int[] {1, 3, 32}) {
      assertThat(run(MODEL, SETTINGS.withSlots(slots), lines)).isEqualTo(expected);
    }
    Collections.shuffle(lines, new Random(2));
    Collections.sort(expected);
    assertThat(run(MODEL, SETTINGS, lines)).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** Samples begin one by one: two thousand million of them would not fit anywhere. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"prompt\":\"A\",\"max_new_tokens\":1}", "{\"prompt\":\"\"}"})
  void moreSamplesThanMemoryHolds(String line) {
    BatchSettings settings = SETTINGS.withNumSamples(Integer.MAX_VALUE);
    Iterator<byte[]> rows = List.of(line.getBytes(UTF_8)).iterator();
    try (Decoder decoder = MODEL.decoder(settings.slots())) {
      Iterator<byte[]> completed =
          new RowGeneration<>(
              rows,
              LineFormat.Json.of(settings.promptField()),
              settings,
              MODEL.tokenizer(),
              decoder,
              new RowGeneration.Listener() {});

      for (int i = 0; i < 300; i++) {
        assertThat(completed.hasNext()).isTrue();
        assertThat(new String(completed.next(), UTF_8)).startsWith("{\"prompt\":");
      }
    }
  }

  @Test
  void rowsComeOutWithAllTheyHadAndTheOutputsColumns() {
    String line =
        "{ \"id\" : 1.10, \"big\":123456789012345678901234567890.000,\"prompt\":\"Ab\\u0063\" ,"
            + "\"nested\": {\"a\":[1, 2]}, \"none\" :null}";

    String out = run(SETTINGS, line).get(0);

    assertThat(out)
        .startsWith(
            "{\"id\" : 1.10,\"big\":123456789012345678901234567890.000,\"prompt\":\"Ab\\u0063\","
                + "\"nested\": {\"a\":[1, 2]},\"none\" :null,\"completion\":\"")
        .endsWith(",\"error\":null}");
    JsonNode node = json(out);
    assertThat(node.get("finish_reason").asText()).isEqualTo("length");
    assertThat(node.get("prompt_tokens").asInt()).isEqualTo(3);
    assertThat(node.get("completion_tokens").asInt()).isEqualTo(20);
    assertThat(node.get("completion").asText()).hasSize(20);
    assertThat(node.get("seed").asLong()).isEqualTo(Seeds.of(7, "Abc", 0));
  }

  @Test
  void columnsOfTheOutputsNamesGiveWay() {
    String out =
        run(SETTINGS, "{\"Completion\":1,\"seed\":3,\"prompt\":\"A\",\"error\":\"old\",\"x\":2}")
            .get(0);

    assertThat(out).startsWith("{\"prompt\":\"A\",\"x\":2,\"completion\":\"");
    assertThat(json(out).get("seed").asLong()).isEqualTo(3);
    assertThat(json(out).get("error").isNull()).isTrue();
    assertThatThrownBy(() -> SETTINGS.withPromptField("completion"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--prompt-field completion");
  }

  @Test
  void aRowsSeedAloneReproducesIt() {
    for (JsonNode row :
        run(SETTINGS.withNumSamples(3), "{\"prompt\":\"Who\"}", "{\"prompt\":\"Is\",\"seed\":-4}")
            .stream()
            .map(RowGenerationTest::json)
            .toList()) {
      long seed = row.get("seed").asLong();
      String prompt = row.get("prompt").asText();
      String line = "{\"prompt\":\"%s\",\"seed\":%d}".formatted(prompt, seed);

      assertThat(one(SETTINGS, line).get("completion")).isEqualTo(row.get("completion"));
      if (prompt.equals("Who")) {
        BatchSettings seeded =
            SETTINGS.withGeneration(
                SETTINGS.generation().withSampling(SamplingSettings.at(1, seed)));
        JsonNode again = one(seeded, "{\"prompt\":\"Who\"}");
        assertThat(again.get("completion")).isEqualTo(row.get("completion"));
        assertThat(again.get("seed").asLong()).isEqualTo(seed);
      }
    }
  }

  @Test
  void severalSamplesOfARowAreNeighboursAndDiffer() {
    List<JsonNode> rows =
        run(SETTINGS.withNumSamples(3), "{\"prompt\":\"A\"}", "{\"prompt\":\"B\",\"seed\":5}")
            .stream()
            .map(RowGenerationTest::json)
            .toList();

    assertThat(rows)
        .extracting(row -> row.get("prompt").asText())
        .containsExactly("A", "A", "A", "B", "B", "B");
    assertThat(rows).extracting(row -> row.get("completion").asText()).doesNotHaveDuplicates();
    assertThat(rows.subList(3, 6))
        .extracting(row -> row.get("seed").asLong())
        .containsExactly(5L, 6L, 7L);
  }

  @Test
  void aRowsSettingsStandOverTheJobs() {
    String greedy =
        one(SETTINGS, "{\"prompt\":\"Who\",\"temperature\":0,\"seed\":1}")
            .get("completion")
            .asText();
    assertThat(
            one(SETTINGS, "{\"prompt\":\"Who\",\"temperature\":0.0,\"seed\":2}")
                .get("completion")
                .asText())
        .isEqualTo(greedy);
    assertThat(one(SETTINGS, "{\"prompt\":\"Who\",\"top-k\":1}").get("completion").asText())
        .isEqualTo(greedy);
    assertThat(one(SETTINGS, "{\"prompt\":\"Who\",\"top_k\":1.0}").get("completion").asText())
        .isEqualTo(greedy);
    assertThat(one(SETTINGS, "{\"prompt\":\"Who\",\"min_p\":1}").get("completion").asText())
        .isEqualTo(greedy);
    assertThat(one(SETTINGS, "{\"prompt\":\"Who\",\"top_p\":1e-9}").get("completion").asText())
        .isEqualTo(greedy);
    assertThat(
            one(SETTINGS, "{\"prompt\":\"Who\",\"temperature\":0,\"repetition_penalty\":5}")
                .get("completion")
                .asText())
        .isNotEqualTo(greedy);
    assertThat(
            one(SETTINGS, "{\"prompt\":\"Who\",\"temperature\":0,\"max_new_tokens\":7}")
                .get("completion")
                .asText())
        .isEqualTo(greedy.substring(0, 7));
    String stop = greedy.substring(5, 7);
    JsonNode stopped =
        one(
            SETTINGS,
            "{\"prompt\":\"Who\",\"temperature\":0,\"stop\":[\"~\",\"%s\"]}".formatted(stop));
    assertThat(stopped.get("completion").asText())
        .isEqualTo(greedy.substring(0, greedy.indexOf(stop)));
    assertThat(stopped.get("finish_reason").asText()).isEqualTo("stop");
    assertThat(stopped.get("completion_tokens").asInt()).isEqualTo(greedy.indexOf(stop) + 2);
  }

  @Test
  void noTokensAtAll() {
    JsonNode row = one(SETTINGS, "{\"prompt\":\"Who\",\"max_new_tokens\":0}");
    assertThat(row.get("completion").asText()).isEmpty();
    assertThat(row.get("finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void theEndOfTextStops() {
    Tokenizer bytePairs = BytePairs.learned("to be or not to be", "<|endoftext|>");
    TrainedModel model = RandomModel.of(bytePairs);
    List<JsonNode> rows = new ArrayList<>();
    for (String line :
        run(
            SharedModel.of(model),
            SETTINGS.withNumSamples(60),
            List.of("{\"prompt\":\"to\",\"max_new_tokens\":80}"))) {
      rows.add(json(line));
    }
    assertThat(rows).anyMatch(row -> row.get("finish_reason").asText().equals("stop"));
    assertThat(rows).allMatch(row -> !row.get("completion").asText().contains("<|endoftext|>"));
  }

  @Test
  void badRowsSayWhyAndTakeNoOtherWithThem() {
    String good = "{\"prompt\":\"Good\",\"seed\":1}";
    List<String> bad =
        List.of(
            "no json", "json: ",
            "[1]", "json: the line is no JSON object",
            "{\"prompt\":\"A\"} x", "json: ",
            "{\"prompt\":\"A\",\"prompt\":\"B\"}", "json: the line has the field \"prompt\" twice",
            "{\"text\":\"A\"}", "prompt: \"prompt\" is null or not there",
            "{\"prompt\":null}", "prompt: ",
            "{\"prompt\":\"\"}", "prompt: \"prompt\" is empty",
            "{\"prompt\":7}", "type: \"prompt\" is a number, not text",
            "{\"prompt\":\"A\",\"temperature\":\"hot\"}",
                "type: \"temperature\" is text, not a number",
            "{\"prompt\":\"A\",\"stop\":[1]}",
                "type: \"stop\" is a list, not text or a list of texts",
            "{\"prompt\":\"A\",\"stop\":\"\"}", "setting: stop = \"\": must have a character",
            "{\"prompt\":\"A\",\"temperature\":-1}", "setting: temperature = -1.0: must be ",
            "{\"prompt\":\"A\",\"top_k\":1.5}", "setting: top_k = 1.5: must be a whole number",
            "{\"prompt\":\"A\",\"top_k\":1e300}", "setting: top_k = ",
            "{\"prompt\":\"A\",\"max_new_tokens\":3000000000}",
                "setting: max_new_tokens = 3000000000: must be at most",
            "{\"prompt\":\"A\",\"seed\":99999999999999999999}",
                "setting: seed = 99999999999999999999",
            "{\"prompt\":\"é\"}",
                "text: the tokenizer does not know the character 'é' (U+00E9) at offset 0",
            "{\"prompt\":\"A\\ud83d\"}", "text: half a surrogate pair, \\ud83d");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < bad.size(); i += 2) {
      lines.add(bad.get(i));
      lines.add(good);
    }

    List<String> out = run(MODEL, SETTINGS, lines);

    assertThat(out).hasSize(lines.size());
    String expected = run(SETTINGS, good).get(0);
    for (int i = 0; i < lines.size(); i += 2) {
      JsonNode row = json(out.get(i));
      assertThat(row.get("error").asText()).startsWith(bad.get(i + 1));
      assertThat(row.get("finish_reason").asText()).isEqualTo("error");
      assertThat(row.get("completion").isNull()).isTrue();
      assertThat(out.get(i + 1)).isEqualTo(expected);
    }
    assertThat(json(out.get(0)).get("_corrupt_record").asText()).isEqualTo("no json");
    assertThat(one(SETTINGS, "{\"prompt\":\"\",\"seed\":12}").get("seed").asLong()).isEqualTo(12);
    assertThatThrownBy(() -> run(SETTINGS.withOnError(BatchSettings.OnError.FAIL), bad.get(0)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("json: ");
  }

  /** One long row first: the window closes, and no more rows are read than it holds. */
  @Test
  void rowsInFlightAreBounded() {
    int[] read = {0};
    Iterator<byte[]> rows =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return read[0] < 1000;
          }

          @Override
          public byte[] next() {
            int tokens = read[0]++ == 0 ? 500 : 1;
            return "{\"prompt\":\"A\",\"max_new_tokens\":%d}".formatted(tokens).getBytes(UTF_8);
          }
        };
    try (Decoder decoder = MODEL.decoder(2)) {
      Iterator<byte[]> out =
          new RowGeneration<>(
              rows,
              LineFormat.Json.of("prompt"),
              SETTINGS,
              MODEL.tokenizer(),
              decoder,
              new RowGeneration.Listener() {});
      out.next();
      assertThat(read[0]).isLessThanOrEqualTo(64);
      out.forEachRemaining(line -> {});
      assertThat(read[0]).isEqualTo(1000);
    }
  }
}
