package org.kindling.tokenizer.benchmark;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.kindling.tokenizer.TokenBuffer;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerFiles;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One thread encodes a text of English with the ranks of OpenAI's models, ours and jtokkit's
 * encoder: what the ratio in the README is of. The text is taken in paragraphs, as files are read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseParallelGC"})
public class EncodingBenchmark {
  /** Names the file of text; a short one is repeated. */
  static final String TEXT = "kindling.benchmark.text";

  private static final int LEAST = 2_000_000;

  @Param({"r50k_base", "cl100k_base", "o200k_base"})
  public String ranks;

  private Tokenizer ours;
  private Encoding theirs;
  private List<String> paragraphs;
  private final TokenBuffer ids = new TokenBuffer();

  /** Reads text and ranks, and makes sure that both give the same ids. */
  @Setup(Level.Trial)
  public void prepare() throws IOException {
    paragraphs = text().lines().map(line -> line + "\n").toList();
    ours = TokenizerFiles.read(ranks + ".tiktoken", rankFile(ranks), UnaryOperator.identity());
    theirs = Encodings.newLazyEncodingRegistry().getEncoding(ranks).orElseThrow();
    for (String paragraph : paragraphs) {
      if (!Arrays.equals(ours.encode(paragraph), theirs.encodeOrdinary(paragraph).toArray())) {
        throw new IllegalStateException("ours and jtokkit's ids differ: " + paragraph);
      }
    }
  }

  /** Ours, into a buffer that is used again. */
  @Benchmark
  public int kindling() {
    ids.clear();
    for (String paragraph : paragraphs) {
      ours.encode(paragraph, ids);
    }
    return ids.size();
  }

  /** Theirs. */
  @Benchmark
  public int jtokkit() {
    int size = 0;
    for (String paragraph : paragraphs) {
      IntArrayList encoded = theirs.encodeOrdinary(paragraph);
      size += encoded.size();
    }
    return size;
  }

  static String text() throws IOException {
    String text = Files.readString(Path.of(System.getProperty(TEXT)));
    return text.repeat(Math.max(1, LEAST / text.length()));
  }

  private static String rankFile(String name) {
    String resource = "/com/knuddels/jtokkit/" + name + ".tiktoken";
    try (InputStream in = Encodings.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
