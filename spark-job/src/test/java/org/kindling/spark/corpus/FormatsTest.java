package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/**
 * The same documents as text, JSON lines and Parquet, compressed or not, in files and ranges of any
 * size: the same shards, windows and fingerprint, on one core and on several.
 */
class FormatsTest {
  private static final DocumentReader TEXT = new PlainText();
  private static final DocumentReader LINES = new JsonLines("body", DocumentReader.Nulls.REFUSED);
  private static final DocumentReader TABLE =
      new ParquetColumn("body", DocumentReader.Nulls.REFUSED);
  private static final int CONTEXT = 5;

  @TempDir Path folder;
  private List<String> documents;

  @BeforeEach
  void makeDocuments() {
    Random random = new Random(7);
    documents = new ArrayList<>();
    for (int d = 0; d < 60; d++) {
      StringBuilder text = new StringBuilder();
      int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 400 : 12);
      while (text.length() < length) {
        text.append(
            List.of("to ", "be", ", ", "or\n", "é", "𝄞", "\"", "\\", "\r\n")
                .get(random.nextInt(9)));
      }
      documents.add(text.toString());
    }
  }

  @Test
  void shardsAreTheSame() throws IOException {
    Map<Path, DocumentReader> corpora = new LinkedHashMap<>();
    corpora.put(texts(""), TEXT);
    corpora.put(texts(".gz"), TEXT);
    corpora.put(texts(".bz2"), TEXT);
    corpora.put(lines(1, ""), LINES);
    corpora.put(lines(3, ""), LINES);
    corpora.put(lines(1, ".gz"), LINES);
    corpora.put(lines(1, ".zst"), LINES);
    corpora.put(tables(1, 1 << 20), TABLE);
    corpora.put(tables(3, 300), TABLE);
    List<Seen> expected = new ArrayList<>();
    for (String master : List.of("local[1]", "local[2]")) {
      SparkConf conf =
          new SparkConf().setMaster(master).setAppName("formats").set("spark.ui.enabled", "false");
      try (JavaSparkContext spark = new JavaSparkContext(conf)) {
        List<Tokenizer> tokenizers = tokenizers(spark);
        if (expected.isEmpty()) {
          TextFiles files = find(spark, texts(""), TEXT, 4 << 20);
          tokenizers.forEach(tokenizer -> expected.add(seen(spark, files, tokenizer)));
        }
        for (int t = 0; t < tokenizers.size(); t++) {
          assertThat(expected.get(t).ids()).contains(ids(tokenizers.get(t), documents.get(0)));
          for (Path path : corpora.keySet()) {
            for (long rangeBytes : new long[] {997, 4 << 20}) {
              TextFiles files = find(spark, path, corpora.get(path), rangeBytes);
              checkSame(
                  "%s: %s in ranges of %d bytes".formatted(master, path, rangeBytes),
                  seen(spark, files, tokenizers.get(t)),
                  expected.get(t));
            }
          }
        }
      }
    }
  }

  private static void checkSame(String what, Seen found, Seen expected) {
    assertThat(found.ids()).as(what).isEqualTo(expected.ids());
    assertThat(found.fingerprint().or(expected::fingerprint))
        .as(what)
        .isEqualTo(expected.fingerprint());
  }

  private static TextFiles find(
      JavaSparkContext spark, Path path, DocumentReader reader, long rangeBytes) {
    return TextFiles.find(path.toString(), reader, spark.hadoopConfiguration(), rangeBytes);
  }

  /** One that joins documents by an end of text, and one that keeps them apart. */
  private List<Tokenizer> tokenizers(JavaSparkContext spark) throws IOException {
    TextFiles files = TextFiles.find(texts("").toString(), spark.hadoopConfiguration());
    return List.of(
        BytePairs.learned("to be, or to be", "<|endoftext|>"),
        CharacterTokenizer.of(CharacterCounts.of(spark, files).codePoints()));
  }

  /**
   * What training and evaluation see of a corpus.
   *
   * @param fingerprint where ranges are whole blocks, as they always are outside of tests
   */
  private record Seen(String ids, Optional<String> fingerprint) {}

  private static Seen seen(JavaSparkContext spark, TextFiles files, Tokenizer tokenizer) {
    StringBuilder all = new StringBuilder();
    try (Corpus corpus = Corpus.count(spark, files, tokenizer, 0.3)) {
      all.append(corpus.tokens()).append(' ').append(corpus.characters()).append(' ');
      all.append(corpus.documents()).append('\n');
      for (Shard shard : corpus.trainingShards(CONTEXT, 4, 2).collect()) {
        for (long chunk = 0; chunk < shard.starts(); chunk += CONTEXT) {
          int[] ids = new int[CONTEXT + 1];
          shard.chunk(chunk, ids, 0);
          all.append(shard.index()).append(Arrays.toString(ids)).append('\n');
        }
      }
      for (WindowShard shard : corpus.validationShards(CONTEXT, 4, 2, 9).collect()) {
        for (int window = 0; window < shard.windows(); window++) {
          int[] inputs = new int[CONTEXT];
          int[] targets = new int[CONTEXT];
          shard.window(window, inputs, targets, 0, -1);
          all.append(Arrays.toString(inputs)).append(Arrays.toString(targets)).append('\n');
        }
      }
      boolean wholeBlocks =
          files.ranges().size() == files.count() || !(files.reader() instanceof PlainText);
      return new Seen(
          all.toString(), wholeBlocks ? Optional.of(corpus.fingerprint()) : Optional.empty());
    }
  }

  private static String ids(Tokenizer tokenizer, String text) {
    int[] ids = Arrays.copyOf(tokenizer.encode(text), CONTEXT + 1);
    return Arrays.toString(ids);
  }

  private Path texts(String ending) throws IOException {
    Path texts = folder.resolve("texts" + ending);
    for (int d = 0; d < documents.size(); d++) {
      write(texts.resolve("text-%03d".formatted(d) + ending), documents.get(d));
    }
    write(texts.resolve("_SUCCESS"), "no text");
    return texts;
  }

  private Path lines(int files, String ending) throws IOException {
    Path lines = folder.resolve("lines-" + files + ending);
    for (int f = 0; f < files; f++) {
      StringBuilder text = new StringBuilder("\n");
      for (String document : part(files, f)) {
        text.append("{\"id\": [1, {\"body\": 2}], \"body\": ");
        text.append(new ObjectMapper().writeValueAsString(document)).append("}\n");
        text.append("{\"body\": \"\"}\r\n");
      }
      write(lines.resolve("part-" + f + ending), text.toString());
    }
    return lines;
  }

  private Path tables(int files, long groupBytes) throws IOException {
    Path tables = folder.resolve("tables-" + files);
    for (int f = 0; f < files; f++) {
      List<String> rows = new ArrayList<>(part(files, f));
      rows.add("");
      Tables.write(tables.resolve("part-" + f + ".parquet"), groupBytes, rows);
    }
    return tables;
  }

  private List<String> part(int parts, int part) {
    int size = documents.size();
    return documents.subList(size * part / parts, size * (part + 1) / parts);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = compressed(file.toString(), plain)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static OutputStream compressed(String name, OutputStream plain) throws IOException {
    if (name.endsWith(".gz")) {
      return new GZIPOutputStream(plain);
    }
    if (name.endsWith(".zst")) {
      return new ZstdOutputStream(plain);
    }
    if (name.endsWith(".bz2")) {
      BZip2Codec codec = new BZip2Codec();
      codec.setConf(new Configuration());
      return codec.createOutputStream(plain);
    }
    return plain;
  }
}
