package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFileTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAndDamagedLinesAreLeftOut() throws Exception {
    RunDirectory run = Fixtures.run(folder.resolve("run"));
    List<Sample> samples = List.of(new Sample(10, "a\n\"b\" ü😀"), new Sample(20, ""));

    assertThat(run.readSamples()).isEmpty();
    run.writeSamples(samples);
    assertThat(run.readSamples()).isEqualTo(samples);

    Files.writeString(
        folder.resolve("run/samples.jsonl"), "null\n{\"step\":30,\"te", StandardOpenOption.APPEND);
    assertThat(run.readSamples()).isEqualTo(samples);
  }
}
