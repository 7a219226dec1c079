package org.kindling.spark.generation;

import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.kindling.model.ModelException;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.UnicodeText;
import org.kindling.spark.generation.RowException.Kind;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/**
 * From a row's fields to a prompt: its text, and its settings, where a field of a setting's name is
 * there and not null, else the job's. Names are {@code top_k} or {@code top-k}.
 */
final class PromptReader {
  private final BatchSettings settings;
  private final Tokenizer tokenizer;

  PromptReader(BatchSettings settings, Tokenizer tokenizer) {
    this.settings = settings;
    this.tokenizer = tokenizer;
  }

  /**
   * The prompt of a row.
   *
   * @throws RowException saying what is wrong with the row
   */
  Prompt read(Fields fields) throws RowException {
    String text = text(fields);
    RowSettings row = new RowSettings(fields);
    SamplingSettings job = settings.generation().sampling();
    Long ownSeed = ownSeed(fields);
    GenerationSettings own;
    try {
      own =
          new GenerationSettings(
              row.count("max_new_tokens", settings.generation().maxNewTokens()),
              new SamplingSettings(
                  row.number("temperature", job.temperature()),
                  row.count("top_k", job.topK()),
                  row.number("top_p", job.topP()),
                  row.number("min_p", job.minP()),
                  row.number("repetition_penalty", job.repetitionPenalty()),
                  job.seed()),
              row.texts("stop", settings.generation().stop()));
    } catch (ModelException | InputException e) {
      throw new RowException(Kind.SETTING, e.getMessage());
    }
    return new Prompt(encode(text), own, seeds(ownSeed, job.seed(), text));
  }

  /** The seed that a row brings; null if it brings none. */
  static Long ownSeed(Fields fields) throws RowException {
    return new RowSettings(fields).integer("seed");
  }

  private String text(Fields fields) throws RowException {
    String name = settings.promptField();
    Object value = fields.get(name);
    if (value == null) {
      throw new RowException(Kind.PROMPT, "\"%s\" is null or not there".formatted(name));
    }
    if (!(value instanceof String text)) {
      throw new RowException(
          Kind.TYPE, "\"%s\" is %s, not text".formatted(name, RowSettings.kind(value)));
    }
    if (text.isEmpty()) {
      throw new RowException(Kind.PROMPT, "\"%s\" is empty".formatted(name));
    }
    return text;
  }

  private int[] encode(String text) throws RowException {
    Optional<String> flaw = UnicodeText.flaw(text);
    if (flaw.isPresent()) {
      throw new RowException(Kind.TEXT, flaw.get());
    }
    try {
      return tokenizer.encode(text);
    } catch (TokenizerException e) {
      throw new RowException(Kind.TEXT, e.getMessage());
    }
  }

  /** Of a seed that the row brings, sample i has the seed plus i, as of one prompt's samples. */
  private static IntToLongFunction seeds(Long own, long jobSeed, String text) {
    return own == null ? sample -> Seeds.of(jobSeed, text, sample) : sample -> own + sample;
  }
}
