package org.kindling.spark.tokenizing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FileSystems;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;
import org.kindling.tokenizer.TokenizerFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a tokenizer that exists, from any Hadoop file system.
 *
 * <p>A path is a {@code tokenizer.json}, a {@code vocab.json} or {@code merges.txt} with the other
 * beside it, a {@code .tiktoken} file, or a folder: one with a {@code tokenizer.json}, such as a
 * run's directory, or one with GPT-2's two files.
 */
public final class TokenizerPath {
  private static final Logger LOG = LoggerFactory.getLogger(TokenizerPath.class);
  private static final String TOKENIZER = "tokenizer.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";

  private final Path path;
  private final FileSystem files;

  private TokenizerPath(Path path, FileSystem files) {
    this.path = path;
    this.files = files;
  }

  /**
   * Reads it.
   *
   * @param pattern of a {@code .tiktoken} file that is not by name one of OpenAI's; all other files
   *     have their own
   * @param special names of special tokens, for the same; their ids follow the last rank, as in the
   *     files of Llama 3 and Qwen
   * @throws InputException if there is no tokenizer, or it is damaged or unsupported; the message
   *     names the file and says what
   */
  public static Tokenizer read(
      String path,
      Optional<PreTokenPattern> pattern,
      List<String> special,
      Configuration configuration) {
    try {
      Path parsed = new Path(path);
      return new TokenizerPath(parsed, FileSystems.of(parsed, configuration))
          .read(pattern, special);
    } catch (FileNotFoundException e) {
      throw new InputException(
          "no tokenizer %s: there is no such file or folder".formatted(path), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          "cannot read the tokenizer %s: %s".formatted(path, e.getMessage()), e);
    } catch (TokenizerException e) {
      throw new InputException(
          "cannot use the tokenizer %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private Tokenizer read(Optional<PreTokenPattern> pattern, List<String> special)
      throws IOException {
    Path file = files.getFileStatus(path).isDirectory() ? inFolder() : path;
    String name = file.getName().equals(MERGES) ? VOCABULARY : file.getName();
    String content = text(new Path(file.getParent(), name));
    if (pattern.isPresent() && !TokenizerFiles.saysHowToCut(name)) {
      LOG.info(
          "{} does not say how text is cut: pattern {}, special tokens {}",
          path,
          pattern.get().label(),
          special);
      return TokenizerFiles.tiktoken(content, pattern.get(), following(content, special));
    }
    try {
      return TokenizerFiles.read(name, content, this::besides);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Path inFolder() throws IOException {
    Path tokenizer = new Path(path, TOKENIZER);
    if (files.exists(tokenizer)) {
      return tokenizer;
    }
    Path vocabulary = new Path(path, VOCABULARY);
    if (files.exists(vocabulary) && files.exists(new Path(path, MERGES))) {
      return vocabulary;
    }
    throw new InputException(
        "no tokenizer in %s: it has neither %s nor %s with %s"
            .formatted(path, TOKENIZER, VOCABULARY, MERGES));
  }

  /** The ids after those of a rank file's lines. */
  private static Map<String, Integer> following(String lines, List<String> special) {
    int ranks = (int) lines.lines().filter(line -> !line.isBlank()).count();
    Map<String, Integer> ids = new LinkedHashMap<>();
    special.forEach(name -> ids.put(name, ranks + ids.size()));
    return ids;
  }

  private String besides(String name) {
    try {
      Path folder = files.getFileStatus(path).isDirectory() ? path : path.getParent();
      return text(new Path(folder, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new InputException(
          "no tokenizer %s: there is no %s beside it".formatted(path, file.getName()), e);
    }
  }
}
