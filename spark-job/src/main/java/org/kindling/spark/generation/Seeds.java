package org.kindling.spark.generation;

import org.kindling.model.CounterHash;

/**
 * The seeds of rows that bring none: functions of the job's seed, the prompt and the sample's
 * number alone, so that a row's text depends neither on its place nor on other rows.
 *
 * <p>A seed made so has {@value #MARK_BITS} bits that follow from the others and from the prompt. A
 * job's seed that has them for a prompt is used as it is: so the seed of an output's row, given as
 * the job's, makes the row again. All are at least 0 and below 2^53, which every reader of JSON
 * keeps exactly.
 */
final class Seeds {
  private static final int BITS = 53;
  private static final int MARK_BITS = 16;
  private static final long MARK = (1L << MARK_BITS) - 1;

  private Seeds() {}

  /** The seed of a prompt's sample, counted from 0. */
  static long of(long jobSeed, String prompt, int sample) {
    long hash = hash(prompt);
    if (sample == 0 && jobSeed >>> BITS == 0 && mark(jobSeed, hash) == (jobSeed & MARK)) {
      return jobSeed;
    }
    long drawn = CounterHash.of(CounterHash.of(jobSeed, hash), sample) >>> (Long.SIZE - BITS);
    return (drawn & ~MARK) | mark(drawn, hash);
  }

  private static long mark(long seed, long hash) {
    return CounterHash.of(hash, seed >>> MARK_BITS) & MARK;
  }

  private static long hash(String prompt) {
    long hash = prompt.length();
    for (int i = 0; i < prompt.length(); i++) {
      hash = CounterHash.of(hash, prompt.charAt(i));
    }
    return hash;
  }
}
