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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelType;
import org.kindling.spark.InputException;

class PresetTest {
  private static final Path CONF = Path.of("..", "conf");

  static List<String> presets() throws IOException {
    try (Stream<Path> files = Files.walk(CONF)) {
      return files
          .map(file -> CONF.relativize(file).toString())
          .filter(name -> name.endsWith(".conf") && !name.equals("spark-defaults.conf"))
          .sorted()
          .map(name -> name.substring(0, name.length() - ".conf".length()))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetIsReadByPathAndByName(String name) {
    Settings byPath = read(CONF.resolve(name + ".conf").toString());

    assertThat(read(name)).isEqualTo(byPath);
    assertThat(read("conf/" + name + ".conf")).as("from any folder").isEqualTo(byPath);
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

  /** A rung adds to the one before it, and the last is the lecture's model. */
  @Test
  void theLecturesRungs() {
    ModelShape oneHead = read("lecture/02-one-head").model();
    assertThat(oneHead.heads()).isEqualTo(1);
    assertThat(oneHead.feedForward() || oneHead.projection() || oneHead.residual()).isFalse();
    assertThat(read("lecture/03-multi-head").model().heads()).isEqualTo(4);
    assertThat(read("lecture/04-feed-forward").model().feedForward()).isTrue();
    assertThat(read("lecture/05-residual").model().residual()).isTrue();
    assertThat(read("lecture/05-residual").model().layerNorm()).isFalse();
    assertThat(read("lecture/06-layer-norm").model().layerNorm()).isTrue();
    Settings scaled = read("lecture/07-scaled");
    assertThat(scaled.model()).isEqualTo(read("lecture").model());
    assertThat(scaled.train().earlyStop()).isPositive();
    assertThat(scaled.train().learningRate()).isEqualTo(read("lecture").train().learningRate());
  }

  @Test
  void aFileMayIncludeAnotherOrAPreset(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("base.conf"), "include \"nanogpt-cpu\"\ntrain.steps = 7");
    Path mine = folder.resolve("mine.conf");
    Files.writeString(
        mine, "include \"base.conf\"\nmodel { layers = 3 }\ninclude file(\"base.conf\")");

    Settings read = read(mine.toString());

    assertThat(read.train().batchSize()).isEqualTo(12);
    assertThat(read.train().steps()).isEqualTo(7);
    assertThat(read.model().layers()).as("what comes last wins").isEqualTo(4);

    Files.writeString(folder.resolve("base.conf"), "include \"mine.conf\"");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(mine.toString()))
        .withMessage(mine + " includes itself");
    Files.writeString(folder.resolve("base.conf"), "include \"nanogtp\"");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(mine.toString()))
        .withMessage(
            folder
                + "/base.conf includes nanogtp: there is no such file beside it, and no preset"
                + " of that name");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Preset.find("conf/no such.conf"))
        .withMessage(
            "--config conf/no such.conf: there is no such file, and no preset of that name");
    assertThatExceptionOfType(InputException.class).isThrownBy(() -> Preset.find("leture"));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Preset.find("lecture/08-more"));
    assertThatExceptionOfType(InputException.class).isThrownBy(() -> Preset.find("../conf"));
  }

  private static Settings read(String preset) {
    return SettingsReader.read(Optional.of(Preset.find(preset)), List.of());
  }
}
