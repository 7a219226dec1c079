package org.kindling.spark.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** Spark with two cores for the tests of a class, and corpora on it. */
final class CorpusFixture implements BeforeAllCallback, AfterAllCallback {
  private static JavaSparkContext spark;

  @Override
  public void beforeAll(ExtensionContext context) {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("corpus")
                .set("spark.ui.enabled", "false"));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    spark.stop();
  }

  static JavaSparkContext spark() {
    return spark;
  }

  /** Plain text, by its own characters. */
  static Corpus corpus(Path path, double validationFraction) {
    TextFiles files = TextFiles.find(path.toString(), spark.hadoopConfiguration());
    Tokenizer tokenizer = CharacterTokenizer.of(CharacterCounts.of(spark, files).codePoints());
    return Corpus.count(spark, files, tokenizer, validationFraction);
  }

  static String fingerprint(Path path) {
    try (Corpus corpus = corpus(path, 0)) {
      return corpus.fingerprint();
    }
  }

  /** The first nine ids of each shard's first chunk. */
  static List<List<Integer>> firstChunks(JavaRDD<Shard> shards) {
    List<List<Integer>> chunks = new ArrayList<>();
    for (Shard shard : shards.collect()) {
      int[] chunk = new int[9];
      shard.chunk(0, chunk, 0);
      chunks.add(Arrays.stream(chunk).boxed().toList());
    }
    return chunks;
  }

  static Path write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
