package org.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page in Markdown of the repository, and what tests ask of it. Tests run in a module's folder.
 */
record Page(Path file, String text) {
  static final Path ROOT = Path.of("..");

  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\(([^)\\s]+)\\)");
  private static final Pattern SHELL = Pattern.compile("(?ms)^```sh\\n(.*?)^```");

  /**
   * A link.
   *
   * @param text what is shown for it
   * @param target what is linked to: a path from the page's folder, {@code #heading}, or both
   */
  record Link(String text, String target) {
    boolean isRelative() {
      return !target.matches("[a-z]+:.*");
    }

    /** Without {@code #heading}. */
    String path() {
      return target.replaceFirst("#.*", "");
    }
  }

  /** The page of that path from the repository's root. */
  static Page of(String path) {
    Path file = ROOT.resolve(path);
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError("no such page: " + file.toAbsolutePath(), e);
    }
  }

  /** What the pattern's first group matches, each once, in the order of the text. */
  List<String> matches(String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .distinct()
        .toList();
  }

  List<Link> links() {
    return LINK.matcher(text)
        .results()
        .map(match -> new Link(match.group(1), match.group(2)))
        .toList();
  }

  /** The file that a relative link leads to. */
  Path target(Link link) {
    return link.path().isEmpty() ? file : file.resolveSibling(link.path()).normalize();
  }

  /** Every relative link leads to a file, and its heading is one of that page's. */
  void assertThatLinksResolve() {
    assertThat(links().stream().filter(Link::isRelative))
        .as("links of %s", file)
        .isNotEmpty()
        .allSatisfy(
            link -> {
              assertThat(target(link)).exists();
              if (link.target().contains("#")) {
                Page page = new Page(target(link), Files.readString(target(link)));
                assertThat(page.headings()).contains(link.target().replaceFirst(".*#", ""));
              }
            });
  }

  /** Headings as links name them: small letters, hyphens for spaces, no punctuation. */
  private List<String> headings() {
    return matches("(?m)^#+ (.+)$").stream()
        .map(
            heading ->
                heading
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .toList();
  }

  /** The {@code scripts/kindling} lines of its shell blocks, each in one line. */
  List<ShellLine> commands() {
    return SHELL
        .matcher(text)
        .results()
        .flatMap(block -> block.group(1).replaceAll("\\\\\\n\\s*", "").lines())
        .filter(line -> line.startsWith("scripts/kindling "))
        .map(ShellLine::of)
        .toList();
  }
}
