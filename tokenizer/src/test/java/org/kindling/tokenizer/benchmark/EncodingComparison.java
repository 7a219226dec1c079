package org.kindling.tokenizer.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link EncodingBenchmark} and prints speeds, their ratio, and the memory that a byte of text
 * takes. Ours and theirs take turns, since a shared machine's speed drifts; medians are compared.
 */
public final class EncodingComparison {
  private static final List<String> RANKS = List.of("r50k_base", "cl100k_base", "o200k_base");
  private static final int ROUNDS = 2;

  private EncodingComparison() {}

  /** Takes a file of text. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    if (arguments.length != 1) {
      System.err.println("usage: EncodingComparison FILE, a text in English");
      System.exit(2);
    }
    String file = arguments[0];
    System.setProperty(EncodingBenchmark.TEXT, file);
    double bytes = EncodingBenchmark.text().getBytes(StandardCharsets.UTF_8).length;
    List<String> lines = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (String ranks : RANKS) {
        Collection<RunResult> results =
            new Runner(
                    new OptionsBuilder()
                        .include(EncodingBenchmark.class.getName())
                        .param("ranks", ranks)
                        .jvmArgsPrepend("-D" + EncodingBenchmark.TEXT + "=" + file)
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        lines.add(
            line(
                "%s, round %d".formatted(ranks, round),
                of("kindling", results),
                of("jtokkit", results),
                bytes));
      }
    }
    lines.forEach(System.out::println);
  }

  private static RunResult of(String benchmark, Collection<RunResult> results) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
        .findFirst()
        .orElseThrow();
  }

  private static String line(String name, RunResult ours, RunResult theirs, double bytes) {
    return "%s: %.1f MB/s, jtokkit %.1f MB/s, ratio %.2f; allocated for a byte: %.4f, jtokkit %.1f"
        .formatted(
            name,
            bytes / millis(ours) / 1e3,
            bytes / millis(theirs) / 1e3,
            millis(theirs) / millis(ours),
            allocated(ours) / bytes,
            allocated(theirs) / bytes);
  }

  /** For the whole text. */
  private static double millis(RunResult result) {
    return result.getPrimaryResult().getStatistics().getPercentile(50);
  }

  /** Bytes for the whole text. */
  private static double allocated(RunResult result) {
    return result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
  }
}
