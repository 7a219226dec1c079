package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * English and program code: the project's own pages and this module's sources. {@code
 * -Dkindling.data=FOLDER} adds the folder's {@code *.txt}, such as books of some megabytes.
 */
class RealTextTest {
  /** What the library takes at once without taking its time. */
  private static final int PIECE = 500_000;

  @ParameterizedTest
  @EnumSource
  void aRankFileItsTokenizerJsonAndTheLibraryGiveTheSameIds(RankFiles file) throws IOException {
    Tokenizer ranks = file.tokenizer();
    String json = ranks.toJson();
    Tokenizer read = Tokenizer.fromJson(json);
    try (HuggingFace theirs = HuggingFace.load(json)) {
      for (Path path : texts()) {
        for (String piece : pieces(Files.readString(path))) {
          int[] ids = ranks.encode(piece);

          assertThat(read.encode(piece)).as("%s", path).isEqualTo(ids);
          // The library would find the special tokens that the sources name.
          if (!piece.contains("<|")) {
            assertThat(theirs.encode(piece)).as("%s", path).isEqualTo(ids);
          }
          assertThat(streamed(ranks, ids)).as("%s", path).isEqualTo(piece);
        }
      }
    }
  }

  private static String streamed(Tokenizer tokenizer, int[] ids) {
    TokenStream stream = tokenizer.decoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(stream.next(id));
    }
    return text.append(stream.end()).toString();
  }

  private static List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>(List.of(Path.of("../LICENSE"), Path.of("../README.md")));
    addFiles(Path.of("src/main"), ".java", texts);
    String folder = System.getProperty("kindling.data");
    if (folder != null) {
      addFiles(Path.of(folder), ".txt", texts);
    }
    return texts;
  }

  private static void addFiles(Path folder, String ending, List<Path> to) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(file -> file.toString().endsWith(ending)).sorted().forEach(to::add);
    }
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); from += PIECE) {
      pieces.add(text.substring(from, Math.min(text.length(), from + PIECE)));
    }
    return pieces;
  }
}
