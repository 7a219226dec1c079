package org.kindling.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelType;
import org.kindling.spark.InputException;

class PresetTest {
  private static final Path CONF = Path.of("..", "conf");

  static List<String> presets() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".conf") && !name.equals("spark-defaults.conf"))
          .map(name -> name.substring(0, name.length() - ".conf".length()))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetIsReadByPathAndByName(String name) {
    Settings byPath = read(CONF.resolve(name + ".conf").toString());

    assertThat(read(name)).isEqualTo(byPath);
    assertThat(byPath.train().steps()).isPositive();
  }

  @Test
  void theShakespearePresetIsTheDefaults() {
    assertThat(read("shakespeare")).isEqualTo(SettingsReader.defaults());
  }

  @Test
  void presetsDiffer() {
    assertThat(read("bigram").model().type()).isEqualTo(ModelType.BIGRAM);
    assertThat(read("nanogpt-cpu").train().batchSize()).isEqualTo(12);
    ModelShape lecture = read("lecture").model();
    assertThat(lecture.activation()).isEqualTo(Activation.RELU);
    assertThat(lecture.bias()).isTrue();
    assertThat(lecture.qkvBias()).isFalse();
    assertThat(lecture.tiedHead()).isFalse();
    ModelShape nanogpt = read("nanogpt").model();
    assertThat(nanogpt.bias()).isFalse();
    assertThat(nanogpt.qkvBias()).isFalse();
    assertThat(nanogpt.tiedHead()).isTrue();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Preset.find("conf/no such.conf"))
        .withMessage(
            "--config conf/no such.conf: there is no such file, and no preset of that name");
    assertThatExceptionOfType(InputException.class).isThrownBy(() -> Preset.find("leture"));
  }

  private static Settings read(String preset) {
    return SettingsReader.read(Optional.of(Preset.find(preset)), List.of());
  }
}
