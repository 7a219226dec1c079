package org.kindling.spark.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.kindling.spark.InputException;

/** How files hold documents. */
public enum TextFormat {
  /** Nothing but the text, in UTF-8; a file is a document. */
  TEXT,
  /** A JSON object a line, with the text in one of its fields; a line is a document. */
  JSONL(".jsonl", ".ndjson", ".json"),
  /** Tables with the text in one of their columns; a row is a document. */
  PARQUET(".parquet");

  /** Hadoop reads files with these endings through a codec. */
  private static final String COMPRESSION = "\\.(gz|gzip|bz2|zst|lz4|snappy|deflate)$";

  private final List<String> endings;

  TextFormat(String... endings) {
    this.endings = List.of(endings);
  }

  /** The name as options and settings write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format of an option's value.
   *
   * @throws InputException that lists the known ones
   */
  public static TextFormat of(String label) {
    return Arrays.stream(values())
        .filter(format -> format.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "--format %s: must be one of %s%s"
                        .formatted(
                            label,
                            String.join(", ", labels()),
                            NearestName.asked(label, labels()))));
  }

  /**
   * The format of files by their names' endings; compressed ones by what stands before that.
   *
   * @param input what the files were asked for by
   * @throws InputException if they differ
   */
  public static TextFormat of(String input, Collection<String> paths) {
    Set<TextFormat> formats = paths.stream().map(TextFormat::ofName).collect(Collectors.toSet());
    if (formats.size() > 1) {
      throw new InputException(
          "%s has files of different formats (%s): choose with --input or --format"
              .formatted(
                  input,
                  formats.stream()
                      .map(TextFormat::label)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    return formats.iterator().next();
  }

  private static List<String> labels() {
    return Arrays.stream(values()).map(TextFormat::label).toList();
  }

  private static TextFormat ofName(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst(COMPRESSION, "");
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElse(TEXT);
  }
}
