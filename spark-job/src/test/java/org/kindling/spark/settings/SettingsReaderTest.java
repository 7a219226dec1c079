package org.kindling.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelException;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.spark.InputException;

class SettingsReaderTest {

  @Test
  void aRunThatIsOlderThanSkippingGoesOnWithoutIt() {
    Preset older = new Preset("run/config.conf", "model.activation = relu");
    Preset later = new Preset("run/config.conf", "train.skip-zeros = true");
    assertThat(SettingsReader.read(Optional.of(older), List.of()).train().skipZeros()).isTrue();
    assertThat(SettingsReader.readKept(older, List.of()).train().skipZeros()).isFalse();
    assertThat(SettingsReader.readKept(later, List.of()).train().skipZeros()).isTrue();
    assertThat(SettingsReader.readKept(older, List.of("train.skip-zeros=true")).train().skipZeros())
        .isTrue();
  }

  @Test
  void everySettingHasOneDefaultAndOneHelpText() {
    assertThat(SettingHelp.all())
        .extracting(SettingHelp::name)
        .containsExactlyElementsOf(SettingsRecords.values(SettingsReader.defaults()).keySet());
    assertThat(SettingHelp.all())
        .allSatisfy(help -> assertThat(help.comment()).isNotBlank().hasSizeLessThan(90));
    assertThat(SettingHelp.table()).contains("model.qkv-bias").contains("${model.bias}");
  }

  @Test
  void laterLayersWin() {
    Preset preset = preset("train { steps = 10, batch-size = 6 }\nmodel.activation = relu");

    Settings settings =
        SettingsReader.read(
            Optional.of(preset),
            List.of("train.steps=20", "train.kernels = nd4j", "train.steps=1e3"));

    assertThat(settings.train().steps()).isEqualTo(1000);
    assertThat(settings.train().batchSize()).isEqualTo(6);
    assertThat(settings.train().kernels()).isEqualTo(KernelChoice.ND4J);
    assertThat(settings.model().activation()).isEqualTo(Activation.RELU);
    assertThat(settings.train().seed()).isEqualTo(SettingsReader.defaults().train().seed());
  }

  @Test
  void aNameInQuotesIsNotTakenForAPath() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () -> SettingsReader.read(Optional.of(preset("\"train.steps\" = 10")), List.of()))
        .withMessageStartingWith("train.steps in quotes is one word and no path: write it without");
  }

  @Test
  void theBiasOfQueriesKeysAndValuesFollowsTheOthers() {
    assertThat(read("model.bias=true").model().qkvBias()).isTrue();
    assertThat(read("model.bias=false").model().qkvBias()).isFalse();
    assertThat(read("model.bias=true", "model.qkv-bias=false").model().qkvBias()).isFalse();
  }

  @Test
  void anOverridesValueIsTakenAsItStands() {
    String glob = "hdfs://host:9000/a b/*.{txt,md}?=\"x\" # no comment ${HOME}";

    assertThat(read("data.input=" + glob).data().input()).isEqualTo(glob);
  }

  @ParameterizedTest
  @CsvSource({
    "model.layer, model.layers",
    "layers, model.layers",
    "train.batch_size, train.batch-size",
    "train.learningRate, train.learning-rate",
    "trian.steps, train.steps",
    "model.layers.x, model.layers",
    "train, train.steps",
  })
  void anUnknownNameIsRefusedWithTheNearestKnownOne(String name, String nearest) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(name + "=3"))
        .withMessage("unknown setting %s; did you mean %s?", name, nearest);
  }

  @Test
  void anUnknownNameInAFileIsRefusedWithItsPlace() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("train.steps = 5\nmodel { layer = 3 }")))
        .withMessage("unknown setting model.layer; did you mean model.layers? (my.conf: 2)");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("model = 3")))
        .withMessageStartingWith("unknown setting model; did you mean model.")
        .withMessageEndingWith("? (my.conf: 1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train.steps=abc             | train.steps = abc: must be a whole number from -2147483648 to 2147483647
          train.steps=1.5             | train.steps = 1.5: must be a whole number from -2147483648 to 2147483647
          train.steps=1e99            | train.steps = 1e99: must be a whole number from -2147483648 to 2147483647
          train.steps=                | train.steps = : must be a whole number from -2147483648 to 2147483647
          train.steps=0               | train.steps = 0: must be at least 1
          train.batch-size=-1         | train.batch-size = -1: must be at least 1
          train.shards=3              | train.shards = 3: must be a power of two, or 0 to choose at the first start
          train.shards=-2147483648    | train.shards = -2147483648: must be a power of two, or 0 to choose at the first start
          train.shards=64             | train.shards = 64: must divide train.batch-size = 32
          train.learning-rate=0       | train.learning-rate = 0.0: must be above 0 and finite
          train.learning-rate=fast    | train.learning-rate = fast: must be a number
          train.learning-rate=NaN     | train.learning-rate = NaN: must be a number
          train.learning-rate=1e999   | train.learning-rate = Infinity: must be above 0 and finite
          train.min-learning-rate=1   | train.min-learning-rate = 1.0: must be at most train.learning-rate = 0.001
          train.min-learning-rate=-1  | train.min-learning-rate = -1.0: must be at least 0 and finite
          train.clip=-1               | train.clip = -1.0: must be above 0 and finite, or 0 for none
          train.seed=1e19             | train.seed = 1e19: must be a whole number from -9223372036854775808 to 9223372036854775807
          data.field=body             | data.field = body: is for data.format = jsonl or parquet, not text
          data.format=jsonl           | data.format = jsonl: needs data.input; without it the text is three built-in plays
          data.validation-fraction=2  | data.validation-fraction = 2.0: must be from 0 to 1
          data.validation-fraction=-1 | data.validation-fraction = -1.0: must be from 0 to 1
          tokenizer.vocab-size=-1     | tokenizer.vocab-size = -1: must be at least 0
          tokenizer.special=a,b,a     | tokenizer.special = a,b,a: must be different names with commas between, or empty
          tokenizer.special=a,,b      | tokenizer.special = a,,b: must be different names with commas between, or empty
          tokenizer.type=bpe          | tokenizer.vocab-size = 0: must be at least 257 with tokenizer.type = bpe, for 256 bytes and the special tokens (1)
          model.bias=yes              | model.bias = yes: must be true or false
          """)
  void aWrongValueIsRefusedWithItsNameAndRule(String override, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(override))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.heads=3          | model.embedding = 128: must be a multiple of model.heads = 3
          model.dropout=1        | model.dropout = 1.0: must be in [0, 1)
          model.activation=swish | model.activation = swish: must be one of relu, gelu, gelu-tanh
          model.type=rnn         | model.type = rnn: must be one of bigram, gpt
          tokenizer.type=word    | tokenizer.type = word: must be one of char, bpe
          data.format=json       | data.format = json: must be one of text, jsonl, parquet; did you mean jsonl?
          data.format=csv        | data.format = csv: must be one of text, jsonl, parquet
          tokenizer.pattern=gpt5 | tokenizer.pattern = gpt5: must be one of gpt2, gpt4, o200k, qwen2, none; did you mean gpt2?
          train.schedule=steps   | train.schedule = steps: must be one of constant, cosine, linear
          train.beta1=1          | train.beta1 = 1.0: must be in [0, 1)
          train.beta2=-1         | train.beta2 = -1.0: must be in [0, 1)
          train.epsilon=0        | train.epsilon = 0.0: must be above 0 as a 32-bit float, and finite
          train.weight-decay=-1  | train.weight-decay = -1.0: must be at least 0 and finite
          train.weight-decay=1e999 | train.weight-decay = Infinity: must be at least 0 and finite
          train.kernels=cuda     | train.kernels = cuda: must be one of auto, onednn, nd4j
          """)
  void rulesOfOtherPlacesHoldToo(String override, String message) {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> read(override))
        .withMessage(message);
  }

  @Test
  void aVocabularyNeedsRoomForBytesAndSpecialTokens() {
    String[] bpe = {"tokenizer.type=bpe", "tokenizer.special=<a>, <b>", "tokenizer.vocab-size=257"};
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(bpe))
        .withMessage(
            "tokenizer.vocab-size = 257: must be at least 258 with tokenizer.type = bpe, for 256 bytes and the special tokens (2)");
    assertThat(read(bpe[0], bpe[1], "tokenizer.vocab-size=258").tokenizer().specialTokens())
        .containsExactly("<a>", "<b>");
    assertThat(
            read(bpe[0], "tokenizer.special=", "tokenizer.vocab-size=256")
                .tokenizer()
                .specialTokens())
        .isEmpty();
    assertThat(read(bpe[0], "tokenizer.path=some.json").tokenizer().vocabSize()).isZero();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read("tokenizer.unknown=?", "tokenizer.vocab-size=1"))
        .withMessage(
            "tokenizer.vocab-size = 1: must be at least 2, a character and tokenizer.unknown, or 0 for every character");
  }

  @Test
  void whatIsNoSettingAtAllIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read("train.steps"))
        .withMessage(
            "'train.steps' is not a setting; write name=value, for example train.steps=5000");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("train.steps = [1, 2]")))
        .withMessage("train.steps = [1, 2]: must be one value");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("train.steps = null")))
        .withMessage("train.steps = null: must be one value");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("train.steps = {}")))
        .withMessage("train.steps = {}: must be one value");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("train {\n steps = 5")))
        .withMessageStartingWith("not a settings file: my.conf: 2: ");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(preset("train.steps = ${no.such.name}")))
        .withMessageContaining("my.conf: 1")
        .withMessageContaining("no.such.name");
  }

  private static Settings read(String... overrides) {
    return SettingsReader.read(Optional.empty(), List.of(overrides));
  }

  private static Settings read(Preset preset) {
    return SettingsReader.read(Optional.of(preset), List.of());
  }

  private static Preset preset(String hocon) {
    return new Preset("my.conf", hocon);
  }
}
