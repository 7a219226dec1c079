package org.kindling.spark.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.RangeReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.spark.tokenizing.EncodedParts;
import org.kindling.spark.tokenizing.Encoding;
import org.kindling.spark.tokenizing.PreTokenCounting;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.BytePairVocabulary;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.TokenBuffer;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.learning.BytePairLearner;

/**
 * How long learning takes, and what Spark adds to encoding.
 *
 * <pre>
 * TokenizerBenchmark FILE [ROUNDS [MERGES]]
 * </pre>
 *
 * <p>Learns from the file in local[2] with the session up: counting and merging apart. Then encodes
 * some 400 MB, the file again and again: one thread on strings in memory; one thread from files to
 * a file of ids, as {@code tokenizer encode} does; and the Spark job that does the same, whose rate
 * is compared with that. Each round measures all, so that ratios are of the same minutes. Where
 * other processes want the cores, the processor's seconds say more than the clock's.
 */
public final class TokenizerBenchmark {
  private static final long ENCODED_BYTES = 400L << 20;
  private static final OperatingSystemMXBean PROCESSES =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private TokenizerBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int merges = args.length > 2 ? Integer.parseInt(args[2]) : 30_000;
    Path folder = Files.createTempDirectory("kindling-benchmark");
    try (JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("tokenizer benchmark")
                .set("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
                .set("spark.ui.enabled", "false"))) {
      Path copies = Files.createDirectory(folder.resolve("copies"));
      for (int i = 0; i < Math.max(1, ENCODED_BYTES / Files.size(file)); i++) {
        Files.copy(file, copies.resolve("copy-%04d".formatted(i)));
      }
      TextFiles one = find(file, spark);
      TextFiles many = find(copies, spark);
      for (int round = 1; round <= rounds; round++) {
        System.out.printf("round %d%n", round);
        Tokenizer tokenizer = learn(spark, one, merges);
        inMemory(tokenizer, one, many, spark);
        double thread = toFile(tokenizer, many, spark, folder.resolve("ids"));
        double job = toParts(tokenizer, many, spark, folder.resolve("parts"));
        System.out.printf(Locale.ROOT, "  Spark local[2] to one thread: %.2f%n", job / thread);
      }
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static Tokenizer learn(JavaSparkContext spark, TextFiles files, int merges) {
    PreTokenPattern pattern = PreTokenPattern.GPT2;
    long start = System.nanoTime();
    PreTokenCounts counts = PreTokenCounting.of(spark, files, pattern, (done, of) -> {});
    long counted = System.nanoTime();
    int distinct = counts.size(); // learning uses the counts up
    BytePairVocabulary vocabulary =
        BytePairLearner.learn(counts, 256 + merges, List.of(), pattern, (done, of) -> {});
    long merged = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "  learned %,d merges of %,d bytes, %,d distinct pre-tokens: %.2f s (counting %.2f, merging %.2f)%n",
        vocabulary.size() - 256,
        files.bytes(),
        distinct,
        (merged - start) / 1e9,
        (counted - start) / 1e9,
        (merged - counted) / 1e9);
    return new BytePairTokenizer(vocabulary);
  }

  private static void inMemory(
      Tokenizer tokenizer, TextFiles one, TextFiles many, JavaSparkContext spark) {
    List<String> pieces = pieces(one, tokenizer, spark);
    rate(
        "one thread, strings in memory",
        many.bytes(),
        () -> {
          TokenBuffer ids = new TokenBuffer();
          long tokens = 0;
          for (int i = 0; i < many.count(); i++) {
            for (String piece : pieces) {
              ids.clear();
              tokenizer.encode(piece, ids);
              tokens += ids.size();
            }
          }
          return tokens;
        });
  }

  private static double toFile(
      Tokenizer tokenizer, TextFiles files, JavaSparkContext spark, Path ids) {
    return rate(
        "one thread, files to a file",
        files.bytes(),
        () -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(ids), 1 << 16)) {
            return new Encoding(tokenizer, Set.of())
                .encode(files.ranges(), spark.hadoopConfiguration(), out)
                .ids();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static double toParts(
      Tokenizer tokenizer, TextFiles files, JavaSparkContext spark, Path parts) {
    Encoding encoding = new Encoding(tokenizer, Set.of());
    return rate(
        "Spark local[2], files to parts",
        files.bytes(),
        () -> EncodedParts.write(spark, files, encoding, parts.toString()).ids());
  }

  /** Megabytes a second. */
  private static double rate(String name, long bytes, Supplier<Long> work) {
    long start = System.nanoTime();
    long processor = PROCESSES.getProcessCpuTime();
    long tokens = work.get();
    double processorSeconds = (PROCESSES.getProcessCpuTime() - processor) / 1e9;
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = bytes / 1e6 / seconds;
    System.out.printf(
        Locale.ROOT,
        "  %s: %,d tokens, %.1f MB/s, %.2f s, %.2f s of the processor%n",
        name,
        tokens,
        rate,
        seconds,
        processorSeconds);
    return rate;
  }

  /** The same that the job's tasks encode. */
  private static List<String> pieces(TextFiles files, Tokenizer tokenizer, JavaSparkContext spark) {
    List<String> pieces = new ArrayList<>();
    for (TextRange range : files.ranges()) {
      RangeReader.read(
          range,
          spark.hadoopConfiguration(),
          tokenizer.cuts(),
          (piece, offset) -> pieces.add(piece));
    }
    return pieces;
  }

  private static TextFiles find(Path path, JavaSparkContext spark) {
    return TextFiles.find(path.toString(), spark.hadoopConfiguration());
  }
}
