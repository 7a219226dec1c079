package org.kindling.spark.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.spark.InputException;

class StateFileTest {

  static Stream<TrainingState> states() {
    ModelSettings bigram =
        new ModelSettings(ModelType.BIGRAM, 0, 0, 0, 8, 65, 0, false, true, false, Activation.RELU);
    Map<String, String> versions = Map.of("spark", "4.2.0", "kindling", "0.1.0", "java", "17");
    return Stream.of(
        Fixtures.state(0, Double.POSITIVE_INFINITY, 0),
        Fixtures.state(Integer.MAX_VALUE, 1.0 / 3, 7),
        new TrainingState(
            1, 1, Long.MIN_VALUE, Double.MIN_VALUE, 1, 0, "a \"b\" ü", "", bigram, versions));
  }

  @ParameterizedTest
  @MethodSource("states")
  void whatIsWrittenIsRead(TrainingState state) {
    StateFile file =
        new StateFile(
            StateFile.FORMAT, state, Map.of("model.safetensors", new FileDigest(1L << 40, "ab")));

    assertThat(StateFile.parse(file.toJson())).isEqualTo(file);
  }

  @Test
  void settingsAreWrittenByTheirNames() {
    String json = new StateFile(1, Fixtures.state(5, 2.5, 5), Map.of()).toJson();

    assertThat(json)
        .contains("\"type\" : \"gpt\"", "\"activation\" : \"gelu-tanh\"", "\"qkvBias\" : false")
        .doesNotContain("headSize", "evaluated");
  }

  /** Written by a version whose models always had all parts. */
  @Test
  void aFileFromBeforePartsWereAChoiceIsAModelWithAllOfThem() throws IOException {
    String json;
    try (InputStream file = getClass().getResourceAsStream("state-before-parts.json")) {
      json = new String(file.readAllBytes(), UTF_8);
    }

    assertThat(StateFile.parse(json).state().model())
        .isEqualTo(
            new ModelSettings(
                ModelType.GPT, 1, 2, 8, 8, 13, 0, false, false, true, Activation.GELU));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "null", "{\"format\":1}", "{\"format\":1,", "\0\0\0"})
  void otherTextIsRefused(String json) {
    assertThatThrownBy(() -> StateFile.parse(json)).isInstanceOf(InputException.class);
  }

  @Test
  void anEditIsNoticed() {
    String json = new StateFile(1, Fixtures.state(5, 2.5, 5), Map.of()).toJson();

    assertThatThrownBy(() -> StateFile.parse(json.replace("\"heads\" : 2", "\"heads\" : 4")))
        .isInstanceOf(InputException.class)
        .hasMessage("does not match its checksum");
    assertThat(StateFile.parse(json.replaceAll("\\s", "")).state().step()).isEqualTo(5);
  }
}
