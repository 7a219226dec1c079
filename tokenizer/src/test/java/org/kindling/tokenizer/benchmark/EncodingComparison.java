package org.kindling.tokenizer.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link EncodingBenchmark} and prints speeds, their ratio, and memory per megabyte of text.
 */
public final class EncodingComparison {
  private EncodingComparison() {}

  /** Takes a file of text. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    if (arguments.length != 1) {
      System.err.println("usage: EncodingComparison FILE, a text in English");
      System.exit(2);
    }
    String file = arguments[0];
    System.setProperty(EncodingBenchmark.TEXT, file);
    double megabytes = EncodingBenchmark.text().getBytes(StandardCharsets.UTF_8).length / 1e6;
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(EncodingBenchmark.class.getName())
                    .jvmArgsPrepend("-D" + EncodingBenchmark.TEXT + "=" + file)
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    for (RunResult ours : results) {
      if (name(ours).endsWith(".kindling")) {
        String ranks = ours.getParams().getParam("ranks");
        RunResult theirs =
            results.stream()
                .filter(other -> name(other).endsWith(".jtokkit"))
                .filter(other -> other.getParams().getParam("ranks").equals(ranks))
                .findFirst()
                .orElseThrow();
        System.out.printf(
            "%s: %.1f MB/s, jtokkit %.1f MB/s, ratio %.1f; %.4f and %.1f bytes allocated a byte of text%n",
            ranks,
            speed(ours, megabytes),
            speed(theirs, megabytes),
            speed(ours, megabytes) / speed(theirs, megabytes),
            allocated(ours) / 1e6 / megabytes,
            allocated(theirs) / 1e6 / megabytes);
      }
    }
  }

  private static String name(RunResult result) {
    return result.getParams().getBenchmark();
  }

  /** MB/s from milliseconds a text: the median, since a shared machine's speed drifts. */
  private static double speed(RunResult result, double megabytes) {
    return megabytes / result.getPrimaryResult().getStatistics().getPercentile(50) * 1e3;
  }

  /** Bytes a text. */
  private static double allocated(RunResult result) {
    Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return bytes.getScore();
  }
}
