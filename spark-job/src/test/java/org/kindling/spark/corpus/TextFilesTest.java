package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.functional.RemoteIterators;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.run.RunDirectory;
import org.kindling.tokenizer.CharacterTokenizer;

class TextFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name :
        List.of(
            "b.txt", "a.txt", "deep/er/c.txt", "_SUCCESS", ".hidden", "_logs/d.txt", "e[1].md")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "text of " + name);
    }
    Files.createDirectory(folder.resolve("no files"));
    Files.createFile(folder.resolve("empty.txt"));
  }

  @Test
  void aDirectoryIsReadWithItsFoldersInOrderWithoutHiddenNames() {
    assertThat(names("")).containsExactly("a.txt", "b.txt", "deep/er/c.txt", "e[1].md");
  }

  @Test
  void filesGlobsAndListsAreFound() {
    assertThat(names("/b.txt")).containsExactly("b.txt");
    assertThat(names("/*.txt")).containsExactly("a.txt", "b.txt");
    assertThat(names("/{b,a}.txt")).containsExactly("a.txt", "b.txt");
    assertThat(names("/de*")).containsExactly("deep/er/c.txt");
    assertThat(names("/_logs")).containsExactly("_logs/d.txt");
    assertThat(names("/.hidden")).containsExactly(".hidden");
    assertThat(names("/*/*/c.txt")).containsExactly("deep/er/c.txt");
    assertThat(names("/_*/d.txt")).containsExactly("_logs/d.txt");
    assertThat(names("/{_logs,deep}/d.txt")).containsExactly("_logs/d.txt");
    assertThat(names("/e[1].md")).containsExactly("e[1].md");
    assertThat(names("/b.txt, " + folder + "/a.txt," + folder + "/*.txt"))
        .containsExactly("a.txt", "b.txt");
  }

  @Test
  void whatLinksLeadToIsTakenOnce() throws IOException {
    Files.createSymbolicLink(folder.resolve("deep/latest"), folder.resolve("deep/er"));
    Files.createSymbolicLink(folder.resolve("deep/back"), folder);
    Files.createSymbolicLink(
        folder.resolve("deep/to b"), Files.createDirectory(folder.resolve("b")));
    Files.createSymbolicLink(folder.resolve("b/to deep"), folder.resolve("deep"));

    assertThat(names("/deep/*/c.txt")).containsExactly("deep/er/c.txt");
    assertThat(names("")).containsExactly("a.txt", "b.txt", "b/to deep/er/c.txt", "e[1].md");
  }

  /** As in {@code cd books; kindling train --input .}, done twice. */
  @Test
  void whatARunHasWrittenIsNoText() throws IOException {
    RunDirectory run =
        RunDirectory.create(
            folder.resolve("deep/runs/1").toString(), false, "", "{}", new Configuration());
    run.writeReport("no text");
    Files.writeString(folder.resolve("deep/runs/1/checkpoints/x"), "no text");
    Files.writeString(folder.resolve("deep/tokenizer.json"), "text");
    Configuration remote = new Configuration();
    remote.set("fs.remote.impl", RemoteFileSystem.class.getName());

    assertThat(names("/deep")).containsExactly("deep/er/c.txt", "deep/tokenizer.json");
    assertThat(TextFiles.paths("remote://host" + folder + "/deep", remote))
        .extracting(path -> path.substring(("remote://host" + folder).length()))
        .containsExactly("/deep/er/c.txt", "/deep/tokenizer.json");
    refused(
        "/deep/runs",
        folder
            + "/deep/runs matches no file (names that begin with '_' or '.', and runs, are"
            + " skipped)");
  }

  /** The local disk, listed as any other file system. */
  static final class RemoteFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("remote://host");
    }

    @Override
    protected void checkPath(org.apache.hadoop.fs.Path path) {}

    @Override
    public RemoteIterator<LocatedFileStatus> listFiles(
        org.apache.hadoop.fs.Path folder, boolean recursive) throws IOException {
      try (Stream<Path> found = Files.walk(Path.of(folder.toUri().getPath()))) {
        return RemoteIterators.remoteIteratorFromIterable(
            found
                .filter(Files::isRegularFile)
                .map(file -> new org.apache.hadoop.fs.Path(getUri() + file.toString()))
                .map(path -> new LocatedFileStatus(new FileStatus(1, false, 1, 1, 0, path), null))
                .toList());
      }
    }
  }

  @Test
  void namesWithCommasAndColonsAreFound() throws IOException {
    Files.writeString(folder.resolve("Smith, John.txt"), "a");
    Files.writeString(folder.resolve("Talk:Foo.txt"), "b");

    assertThat(names("/Smith, John.txt")).containsExactly("Smith, John.txt");
    assertThat(names("/Talk:Foo.txt")).containsExactly("Talk:Foo.txt");
    List<String> read = new ArrayList<>();
    TextFiles.find(folder + "/Talk:Foo.txt", new Configuration())
        .ranges()
        .forEach(
            range ->
                RangeReader.read(
                    range,
                    new Configuration(),
                    CharacterTokenizer.of(new int[] {'b'}).cuts(),
                    (text, at) -> read.add(text)));
    assertThat(read).containsExactly("b");
  }

  @Test
  void anAbsoluteInputMeansTheSameFromAnyFolder() {
    Configuration local = new Configuration();
    Path here = Path.of("").toAbsolutePath();

    assertThat(TextFiles.absolute("a.txt, b/*.txt,/c/{d,e}.txt", local))
        .isEqualTo("%s/a.txt,%s/b/*.txt,/c/{d,e}.txt".formatted(here, here));
    assertThat(TextFiles.absolute("file:///a.txt", local)).isEqualTo("/a.txt");
    assertThat(TextFiles.absolute(folder + "/a.txt", local)).isEqualTo(folder + "/a.txt");
  }

  @Test
  void ofDocumentsAnEmptyFileIsOne() {
    TextFiles files = TextFiles.findDocuments(folder + "/*.txt", new Configuration());

    assertThat(files.ranges()).extracting(TextRange::end).containsExactly(13L, 13L, 0L);
    assertThat(files.ranges()).extracting(TextRange::endsFile).containsOnly(true);
  }

  @Test
  void rangesAreCutAtTheirSizeAndKnowWhereAFileEnds() {
    TextFiles files = TextFiles.find(folder + "/?.txt", new Configuration(), 8);

    assertThat(files.count()).isEqualTo(2);
    assertThat(files.bytes()).isEqualTo(26);
    assertThat(files.ranges())
        .extracting(TextRange::endsFile)
        .containsExactly(false, true, false, true);
    assertThat(files.ranges()).extracting(TextRange::start).containsExactly(0L, 8L, 0L, 8L);
    assertThat(files.ranges()).extracting(TextRange::end).containsExactly(8L, 13L, 8L, 13L);
  }

  @Test
  void badInputIsNamed() {
    refused("/nowhere", "no such file or directory: " + folder + "/nowhere");
    refused(
        "/*.pdf",
        folder
            + "/*.pdf matches no file (names that begin with '_' or '.', and runs, are skipped)");
    refused(
        "/no files",
        folder
            + "/no files matches no file (names that begin with '_' or '.', and runs, are skipped)");
    refused(
        "/*/d.txt",
        folder
            + "/*/d.txt matches no file (names that begin with '_' or '.', and runs, are skipped)");
    refused("/empty.txt", folder + "/empty.txt is empty");
    refused("/a.txt," + folder + "/nowhere", "no such file or directory: " + folder + "/nowhere");
    refused("/{a.txt", "the input " + folder + "/{a.txt has a '{' without its '}'");
    assertThatThrownBy(() -> TextFiles.find(" , ", new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessage("the input is empty; it names a file, a directory or a glob");
    assertThatThrownBy(() -> TextFiles.find("nosuch://host/a", new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessage("cannot read nosuch://host/a: No FileSystem for scheme \"nosuch\"");
    Configuration withoutJar = new Configuration();
    withoutJar.set("fs.s3a.impl", "org.example.NotThere");
    assertThatThrownBy(() -> TextFiles.find("s3a://bucket/a", withoutJar))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "cannot read s3a://bucket/a: the classes of its file system are not there"
                + " (Class org.example.NotThere not found); for s3a: they are in hadoop-aws");
  }

  private void refused(String input, String message) {
    assertThatThrownBy(() -> TextFiles.find(folder + input, new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private List<String> names(String input) {
    String root = folder.toUri().getPath();
    return TextFiles.find(folder + input, new Configuration()).ranges().stream()
        .map(range -> range.path().substring(range.path().indexOf(root) + root.length()))
        .toList();
  }
}
