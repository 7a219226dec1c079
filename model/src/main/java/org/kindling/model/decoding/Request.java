package org.kindling.model.decoding;

import org.kindling.model.sampling.SamplingSettings;

/**
 * A sequence to continue.
 *
 * @param prompt at least one id
 * @param count most tokens to add
 * @param sampling how they are chosen
 * @param sink where they go
 */
public record Request(int[] prompt, int count, SamplingSettings sampling, TokenSink sink) {
  public Request {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt has no tokens");
    }
  }
}
