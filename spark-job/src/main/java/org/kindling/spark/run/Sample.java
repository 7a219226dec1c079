package org.kindling.spark.run;

import java.util.Objects;

/**
 * Text that the model wrote.
 *
 * @param step optimizer steps that its weights had
 * @param text as it came out, the prompt included
 */
public record Sample(int step, String text) {

  public Sample {
    Objects.requireNonNull(text);
  }
}
