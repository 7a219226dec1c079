package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
