package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

class ShardsTest {
  @TempDir Path folder;

  /** Many small corpora against what a few loops over lists say that their shards are. */
  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[4]"})
  void shardsAndWindowsAreWhatTheLoopsInThisTestSay(String master) throws IOException {
    SparkConf conf =
        new SparkConf().setMaster(master).setAppName("shards").set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      for (int seed = 0; seed < 16; seed++) {
        check(spark, seed, new Random(seed));
      }
    }
  }

  private void check(JavaSparkContext spark, int seed, Random random) throws IOException {
    Path texts = Files.createDirectory(folder.resolve("case-" + seed));
    List<String> documents = new ArrayList<>();
    for (int d = 0; d < 1 + random.nextInt(5); d++) {
      documents.add(randomText(random, 1 + random.nextInt(120)));
      Files.writeString(texts.resolve("text-" + d), documents.get(d));
    }
    TextFiles files =
        TextFiles.find(texts.toString(), spark.hadoopConfiguration(), 1 + random.nextInt(50));
    Tokenizer tokenizer = CharacterTokenizer.of(CharacterCounts.of(spark, files).codePoints());
    double fraction = new double[] {0, 0.1, 0.37, 1}[random.nextInt(4)];
    int context = 1 + random.nextInt(9);
    int shards = 1 << random.nextInt(4);
    int slots = 1 + random.nextInt(5);
    int limit = random.nextInt(8);

    try (Corpus corpus = Corpus.count(spark, files, tokenizer, fraction)) {
      List<List<int[]>> split = split(documents, tokenizer, fraction);
      List<int[]> chunks = chunks(split.get(0), context);
      List<int[]> windows = select(windows(split.get(1), context), limit);

      assertThat(corpus.chunks(context)).isEqualTo(chunks.size());
      if (chunks.size() >= shards) {
        JavaRDD<Shard> rdd = corpus.trainingShards(context, shards, slots);
        assertThat(rdd.getNumPartitions()).isEqualTo(Corpus.tasks(shards, slots));
        assertSameIds("seed " + seed, chunksOf(rdd.collect(), shards, context), chunks);
      }
      if (!windows.isEmpty()) {
        JavaRDD<WindowShard> rdd = corpus.validationShards(context, shards, slots, limit);
        assertSameIds("seed " + seed, windowsOf(rdd.collect(), shards, context), windows);
      }
    }
  }

  /** Training and validation pieces of each document, as ids. */
  private static List<List<int[]>> split(
      List<String> documents, Tokenizer tokenizer, double fraction) {
    long total = documents.stream().mapToLong(text -> tokenizer.encode(text).length).sum();
    long left = (long) ((1 - fraction) * total);
    List<int[]> training = new ArrayList<>();
    List<int[]> validation = new ArrayList<>();
    for (String text : documents) {
      int[] ids = tokenizer.encode(text);
      int cut = (int) Math.min(left, ids.length);
      training.add(Arrays.copyOf(ids, cut));
      validation.add(Arrays.copyOfRange(ids, cut, ids.length));
      left -= cut;
    }
    return List.of(training, validation);
  }

  private static List<int[]> chunks(List<int[]> pieces, int context) {
    List<int[]> chunks = new ArrayList<>();
    for (int[] ids : pieces) {
      for (int start = 0; start + context < ids.length; start++) {
        chunks.add(Arrays.copyOfRange(ids, start, start + context + 1));
      }
    }
    return chunks;
  }

  private static List<int[]> windows(List<int[]> pieces, int context) {
    List<int[]> windows = new ArrayList<>();
    for (int[] ids : pieces) {
      for (int start = 0; start + 1 < ids.length; start += context) {
        windows.add(Arrays.copyOfRange(ids, start, Math.min(start + context, ids.length - 1) + 1));
      }
    }
    return windows;
  }

  private static List<int[]> select(List<int[]> all, int limit) {
    if (limit == 0 || limit >= all.size()) {
      return all;
    }
    List<int[]> selected = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      selected.add(all.get(i * all.size() / limit));
    }
    return selected;
  }

  /** All chunks of all shards in order, with K and the shards' sizes checked. */
  private static List<int[]> chunksOf(List<Shard> shards, int count, int context) {
    assertThat(shards).extracting(Shard::index).containsExactlyElementsOf(firstNumbers(count));
    long total = shards.stream().mapToLong(Shard::starts).sum();
    List<int[]> chunks = new ArrayList<>();
    for (Shard shard : shards) {
      assertThat(shard.starts())
          .isEqualTo((shard.index() + 1) * total / count - shard.index() * total / count);
      for (long ordinal = 0; ordinal < shard.starts(); ordinal++) {
        int[] chunk = new int[context + 3];
        shard.chunk(ordinal, chunk, 1);
        chunks.add(Arrays.copyOfRange(chunk, 1, context + 2));
      }
      assertThatThrownBy(() -> shard.chunk(shard.starts(), new int[context + 1], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    return chunks;
  }

  /** Each window's ids, the last target included, with the padding checked. */
  private static List<int[]> windowsOf(List<WindowShard> shards, int count, int context) {
    assertThat(shards)
        .extracting(WindowShard::index)
        .containsExactlyElementsOf(firstNumbers(count));
    List<int[]> windows = new ArrayList<>();
    for (WindowShard shard : shards) {
      int inShard = 0;
      for (int w = 0; w < shard.windows(); w++) {
        int[] inputs = new int[context + 2];
        int[] targets = new int[context + 2];
        Arrays.fill(inputs, 99);
        Arrays.fill(targets, 99);
        int n = shard.window(w, inputs, targets, 1, -7);
        for (int i = 1; i <= context; i++) {
          assertThat(inputs[i] == 0 || i <= n).isTrue();
          assertThat(targets[i] == -7).isEqualTo(i > n);
          assertThat(i >= n || targets[i] == inputs[i + 1]).isTrue();
        }
        assertThat(List.of(inputs[0], inputs[context + 1], targets[0], targets[context + 1]))
            .containsOnly(99);
        int[] window = Arrays.copyOfRange(inputs, 1, n + 2);
        window[n] = targets[n];
        windows.add(window);
        inShard += n;
      }
      assertThat(shard.targets()).isEqualTo(inShard);
    }
    return windows;
  }

  private static List<Integer> firstNumbers(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static void assertSameIds(String what, List<int[]> actual, List<int[]> expected) {
    assertThat(actual.stream().map(Arrays::toString).toList())
        .as(what)
        .isEqualTo(expected.stream().map(Arrays::toString).toList());
  }

  private static String randomText(Random random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(List.of("a", "b", "c", "\n", "\r\n", "é", "𝄞").get(random.nextInt(7)));
    }
    return text.toString();
  }
}
