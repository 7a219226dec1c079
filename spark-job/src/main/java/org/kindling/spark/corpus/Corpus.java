package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.kindling.spark.InputException;
import org.kindling.spark.session.HadoopConfiguration;
import org.kindling.spark.session.JobDescription;
import org.kindling.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text as the driver knows it: how many tokens, where its documents and its split lie; and the
 * way to its shards, which executors hold.
 *
 * <ol>
 *   <li>{@link #count} reads the text once, in Spark tasks, and counts.
 *   <li>{@link #trainingShards} and {@link #validationShards} read it again and keep ids on the
 *       executors, without a shuffle: a lost shard is read again from the files.
 *   <li>{@link #close} drops the shards and what they are made from, while Spark still runs.
 * </ol>
 *
 * <p>The tokens of all documents in their order are positions 0 to N-1. The first (long) ((1 -
 * validation fraction) N) are the training split, the rest the validation split.
 *
 * <p>If the tokenizer has an end-of-text token, its id ends each document, and the documents are
 * one stream: chunks and windows may cross from one into the next. Without such a token they never
 * do.
 */
public final class Corpus implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Corpus.class);

  private final JavaSparkContext spark;
  private final TokenSource source;

  /** The stretches that chunks do not leave. */
  private final DocumentLengths documents;

  private final long characters;
  private final long trainingTokens;
  private final String fingerprint;
  private final Deque<Runnable> resident = new ArrayDeque<>();

  private Corpus(
      JavaSparkContext spark,
      TokenSource source,
      DocumentLengths documents,
      List<RangeCount> counts,
      double validationFraction) {
    this.spark = spark;
    this.source = source;
    this.documents = documents;
    characters = counts.stream().mapToLong(RangeCount::characters).sum();
    trainingTokens = (long) ((1 - validationFraction) * tokens());
    fingerprint =
        counts.stream()
            .map(RangeCount::digest)
            .reduce(TextDigest.Value.NOTHING, TextDigest.Value::then)
            .fingerprint();
  }

  /**
   * Counts the tokens of all files by one Spark job.
   *
   * @param validationFraction the part of the tokens, at the end, that is not trained on; 0 to 1
   * @throws InputException if the fraction is out of its range or the files hold no text; as a
   *     cause of Spark's exception if a file cannot be read, is not of its format, or has what the
   *     tokenizer does not know
   */
  public static Corpus count(
      JavaSparkContext spark, TextFiles files, Tokenizer tokenizer, double validationFraction) {
    if (!(validationFraction >= 0 && validationFraction <= 1)) {
      throw new InputException(
          "data.validation-fraction = " + validationFraction + " must be from 0 to 1");
    }
    List<RangeCount> counts = count(spark, files, tokenizer);
    if (counts.stream().allMatch(count -> count.characters() == 0)) {
      throw new InputException(files.input() + " holds no text");
    }
    TokenSource source =
        new TokenSource(
            files, counts, tokenizer, new SerializableConfiguration(spark.hadoopConfiguration()));
    Corpus corpus =
        new Corpus(
            spark, source, RangeCount.documents(counts, tokenizer), counts, validationFraction);
    LOG.info(
        "{}: {} files, {} bytes, {} documents, {} characters, {} tokens, {} of them for training",
        files.input(),
        files.count(),
        files.bytes(),
        counts.stream().mapToLong(RangeCount::ended).sum(),
        corpus.characters,
        corpus.tokens(),
        corpus.trainingTokens);
    return corpus;
  }

  private static List<RangeCount> count(
      JavaSparkContext spark, TextFiles files, Tokenizer tokenizer) {
    // A large vocabulary arrives once in each JVM, not with each task.
    Broadcast<Tokenizer> published = spark.broadcast(tokenizer);
    DocumentReader reader = files.reader();
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<RangeCount> perRange =
          LocatedTasks.ranges(spark, files.ranges())
              .map(
                  range ->
                      RangeEncoder.encode(
                          range,
                          reader,
                          configuration.value(),
                          published.value(),
                          (ids, count) -> {}));
      return JobDescription.describe(spark, "count tokens", perRange::collect);
    } finally {
      published.destroy(true);
    }
  }

  /** N. */
  public long tokens() {
    return documents.tokens();
  }

  /** Code points of the text; a tokenizer may make fewer tokens of them, or more. */
  public long characters() {
    return characters;
  }

  /** How many documents chunks stay within; 1 where end-of-text tokens join them. */
  public long documents() {
    return documents.count();
  }

  public long trainingTokens() {
    return trainingTokens;
  }

  public long validationTokens() {
    return tokens() - trainingTokens;
  }

  /**
   * SHA-256, in hex, of what {@link TextDigest} makes of the documents' text in their order. It
   * depends on neither the names of the files, nor their format and compression, nor the tokenizer,
   * nor the cluster.
   */
  public String fingerprint() {
    return fingerprint;
  }

  /** How many chunks of T+1 tokens the training split has, each document by itself. */
  public long chunks(int context) {
    return new Chunks(documents, trainingTokens, context, 1).count();
  }

  /** How many windows of up to T targets the validation split has; 0 if there is no such split. */
  public long windows(int context) {
    return new Windows(documents, trainingTokens, context, 1, 0).count();
  }

  /** How many partitions K shards get: the largest power of two that is at most K and the slots. */
  public static int tasks(int shards, int slots) {
    return Integer.highestOneBit(Math.max(1, Math.min(shards, slots)));
  }

  /**
   * Cuts the training split into K shards, resident on the executors.
   *
   * @param context T
   * @param shards K, a power of two
   * @param slots the cores that Spark gives; {@link #tasks} says how many partitions they get, and
   *     partition p has the shards [p K / tasks, (p+1) K / tasks), in order
   * @throws InputException if there are fewer chunks than shards; as a cause of Spark's exception
   *     if a file changed since its tokens were counted
   */
  public JavaRDD<Shard> trainingShards(int context, int shards, int slots) {
    Chunks chunks = new Chunks(documents, trainingTokens, context, shards);
    chunks.requireOnePerShard();
    if (chunks.tooShort() > 0) {
      LOG.info(
          "{} documents are left out of training: they have fewer than model.context + 1 = {}"
              + " tokens",
          chunks.tooShort(),
          context + 1);
    }
    return resident("training shards", chunks, slots);
  }

  /**
   * Cuts the validation split into windows, in K shards like the training split.
   *
   * @param limit how many windows to take, evenly spread; 0, or more than there are: all
   * @throws InputException if the split has no window; as a cause of Spark's exception if a file
   *     changed since its tokens were counted
   */
  public JavaRDD<WindowShard> validationShards(int context, int shards, int slots, long limit) {
    Windows windows = new Windows(documents, trainingTokens, context, shards, limit);
    if (windows.count() == 0) {
      throw new InputException(
          "the validation split has "
              + windows.longest()
              + " tokens in its longest document; a"
              + " window needs 2: raise data.validation-fraction, or train without evaluation");
    }
    return resident("validation shards", windows, slots);
  }

  /** The characters (code points) of text that are the targets of these windows. */
  public long targetCharacters(JavaRDD<WindowShard> windows) {
    Broadcast<int[]> characters = spark.broadcast(source.tokenCharacters());
    try {
      return JobDescription.describe(
          spark,
          "count characters of targets",
          () ->
              windows.map(shard -> shard.targetCharacters(characters.value())).fold(0L, Long::sum));
    } finally {
      characters.destroy(true);
    }
  }

  private <S> JavaRDD<S> resident(String name, Division<S> division, int slots) {
    int shards = division.shards();
    if (Integer.bitCount(shards) != 1 || shards < 1) {
      throw new InputException("train.shards = " + shards + " must be a power of two");
    }
    int tasks = tasks(shards, slots);
    int block = shards / tasks;
    List<Integer> blocks = new ArrayList<>();
    List<List<String>> hosts = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      blocks.add(task);
      hosts.add(source.hostsOf(division, task * block, (task + 1) * block));
    }
    // Kept as long as the shards: Spark reads it when it makes a lost one again. As a broadcast it
    // does not travel with each task of each step.
    Broadcast<Plan<S>> plan = spark.broadcast(new Plan<>(source, division));
    resident.push(() -> plan.destroy(true));
    JavaRDD<S> rdd =
        LocatedTasks.of(spark, blocks, hosts)
            .flatMap(
                task -> {
                  Plan<S> p = plan.value();
                  return p.source()
                      .shards(p.division(), task * block, (task + 1) * block)
                      .iterator();
                })
            .setName(name)
            .persist(StorageLevel.MEMORY_AND_DISK());
    resident.push(() -> rdd.unpersist(true));
    long built = JobDescription.describe(spark, "build " + name, rdd::count);
    LOG.info("{} {} in {} partitions", built, name, tasks);
    return rdd;
  }

  /** What the tasks that make shards need. */
  private record Plan<S>(TokenSource source, Division<S> division) implements Serializable {}

  /**
   * Drops all shards; the RDDs of this corpus cannot be used any more. Waits until they are gone:
   * Spark, stopped in the midst of it, would print stack traces.
   */
  @Override
  public void close() {
    while (!resident.isEmpty()) {
      resident.pop().run();
    }
  }
}
