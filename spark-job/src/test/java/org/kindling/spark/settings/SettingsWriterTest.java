package org.kindling.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class SettingsWriterTest {

  @Test
  void settingsAreWrittenInSectionsALineEach() {
    String hocon = SettingsWriter.toHocon(SettingsReader.defaults());

    assertThat(hocon)
        .startsWith("model {\n  type = gpt\n  layers = ")
        .contains("}\ntrain {\n  steps = ")
        .contains("  input = \"\"\n")
        .endsWith("  kernels = auto\n  skip-zeros = true\n  wire = f32\n  reduction = auto\n}\n");
  }

  /** Any number and any text; a file with a note on its origin besides. */
  @Property(seed = "1")
  void whatIsWrittenReadsBackTheSame(
      @ForAll @DoubleRange(min = 0, max = 1e300) double clip,
      @ForAll long seed,
      @ForAll String input,
      @ForAll String unknown,
      @ForAll boolean bias) {
    Settings settings =
        SettingsReader.read(
            Optional.empty(),
            List.of(
                "train.clip=" + clip,
                "train.seed=" + seed,
                "data.input=" + input,
                "tokenizer.unknown=" + unknown,
                "tokenizer.pattern=o200k",
                "model.qkv-bias=" + bias));
    String hocon = SettingsWriter.toHocon(settings) + "provenance { kindling = \"0.1.0\" }\n";

    Settings read = SettingsReader.read(Optional.of(new Preset("config.conf", hocon)), List.of());

    assertThat(read).isEqualTo(settings);
  }
}
