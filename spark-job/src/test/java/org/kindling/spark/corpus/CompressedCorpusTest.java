package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.kindling.spark.corpus.CorpusFixture.corpus;
import static org.kindling.spark.corpus.CorpusFixture.fingerprint;
import static org.kindling.spark.corpus.CorpusFixture.firstChunks;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.InputException;

/** Text behind a codec is the same text. */
@ExtendWith(CorpusFixture.class)
class CompressedCorpusTest {
  @TempDir Path folder;

  @Test
  void aCompressedFileIsTheSameText() throws IOException {
    String text = "to be, or not to be\n".repeat(50);
    Path plain = Files.writeString(folder.resolve("a.txt"), text);
    Path compressed = compressed("b.txt.gz", GZIPOutputStream::new, text);

    try (Corpus a = corpus(plain, 0.1);
        Corpus b = corpus(compressed, 0.1)) {
      assertThat(b.fingerprint()).isEqualTo(a.fingerprint());
      assertThat(firstChunks(b.trainingShards(8, 4, 2)))
          .isEqualTo(firstChunks(a.trainingShards(8, 4, 2)));
    }
  }

  /** More than a block, so that plain it is several ranges and compressed it is one. */
  @Test
  void aLargeCompressedFileHasTheSameFingerprint() throws IOException {
    String text = "\uFEFF" + "to be, or not to be\n".repeat(500_000);
    Path plain = write(folder, "a.txt", text);
    Path compressed = compressed("b.txt.gz", GZIPOutputStream::new, text);

    assertThat(TextFiles.find(plain.toString(), spark().hadoopConfiguration()).ranges()).hasSize(3);
    assertThat(TextFiles.find(compressed.toString(), spark().hadoopConfiguration()).ranges())
        .hasSize(1);
    assertThat(fingerprint(compressed)).isEqualTo(fingerprint(plain));
  }

  @Test
  void aDamagedCompressedFileIsNamed() throws IOException {
    Path compressed = compressed("cut.txt.gz", GZIPOutputStream::new, randomText());
    byte[] bytes = Files.readAllBytes(compressed);
    Files.write(compressed, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> corpus(compressed, 0).close())
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessage("cannot read file:" + compressed + ": Unexpected end of input stream");

    bytes[bytes.length / 2] ^= 0x55;
    Files.write(compressed, bytes);
    assertThatThrownBy(() -> corpus(compressed, 0).close())
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cut.txt.gz");
  }

  @Test
  void aDamagedZstandardFileIsNamed() throws IOException {
    Path compressed = compressed("cut.txt.zst", ZstdOutputStream::new, randomText());
    byte[] bytes = Files.readAllBytes(compressed);
    Files.write(compressed, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> corpus(compressed, 0).close())
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot read file:" + compressed + ": ");
  }

  /** Some flipped bits lead Hadoop's codec to places that its tables have not. */
  @Test
  void aDamagedBzip2FileCannotBeRead() throws IOException {
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(new Configuration());
    Path compressed =
        compressed("a.txt.bz2", codec::createOutputStream, randomText().substring(0, 2000));
    byte[] bytes = Files.readAllBytes(compressed);
    int told = 0;
    for (int bit = 8 * 14; bit < 8 * 120; bit++) { // after the signature and the block's checksum
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        CompressedText.read(
            new org.apache.hadoop.fs.Path(compressed.toString()),
            new ByteArrayInputStream(flipped),
            codec.getConf(),
            text -> text.transferTo(OutputStream.nullOutputStream()));
      } catch (IOException e) { // and nothing else
        told++;
      }
    }
    assertThat(told).as("of %d flipped bits", 8 * 106).isGreaterThan(800);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Lz4Codec lz4", "SnappyCodec snappy"})
  void codecsThatPassOverMissingTextAreRefused(String codec) throws IOException {
    String[] nameAndEnding = codec.split(" ");
    Path compressed =
        Files.writeString(folder.resolve("a.txt." + nameAndEnding[1]), "as good as any");

    assertThatThrownBy(() -> corpus(compressed, 0).close())
        .isInstanceOf(InputException.class)
        .hasMessage(
            "cannot read file:%s: Hadoop's %s would not notice missing text; use gzip, bzip2 or Zstandard",
            compressed, nameAndEnding[0]);
  }

  private interface Codec {
    OutputStream on(OutputStream file) throws IOException;
  }

  private Path compressed(String name, Codec codec, String text) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = codec.on(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  /** Such as no codec makes short. */
  private static String randomText() {
    int[] letters = new Random(1).ints(100_000, 'a', 'z').toArray();
    return new String(letters, 0, letters.length);
  }
}
