package org.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the course in docs/ names is there: files, headings, classes and their methods. */
class DocsTest {
  private static final long MOST_BYTES_OF_FIGURES = 1_500_000;

  /** Methods by their class's simple name; classes of one name share an entry. */
  private static final Map<String, Set<String>> METHODS = new HashMap<>();

  @BeforeAll
  static void findMethods() throws Exception {
    ClassLoader loader = DocsTest.class.getClassLoader();
    for (String module : List.of("tokenizer", "model", "spark-job")) {
      Path sources = Page.ROOT.resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : (Iterable<Path>) files.filter(DocsTest::isClass)::iterator) {
          String name = sources.relativize(file).toString().replace('/', '.');
          note(Class.forName(name.replaceFirst("\\.java$", ""), false, loader));
        }
      }
    }
  }

  private static void note(Class<?> type) {
    Set<String> methods = METHODS.computeIfAbsent(type.getSimpleName(), key -> new HashSet<>());
    Arrays.stream(type.getDeclaredMethods()).map(Method::getName).forEach(methods::add);
    Arrays.stream(type.getDeclaredClasses()).forEach(DocsTest::note);
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".java") && !file.endsWith("package-info.java");
  }

  static List<Page> pages() throws IOException {
    try (Stream<Path> files = Files.walk(Page.ROOT.resolve("docs"))) {
      return files
          .map(file -> Page.ROOT.relativize(file).toString())
          .filter(name -> name.endsWith(".md"))
          .sorted()
          .map(Page::of)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksResolve(Page page) {
    page.assertThatLinksResolve();
  }

  /** `Class` or `Class.method` anywhere; in a link to a file it must be that file's class. */
  @ParameterizedTest
  @MethodSource("pages")
  void classesAndMethodsExist(Page page) {
    assertThat(page.matches("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(?:\\.[a-z][A-Za-z0-9]*)?)`"))
        .allSatisfy(
            name -> {
              String[] parts = name.split("\\.");
              assertThat(METHODS).containsKey(parts[0]);
              if (parts.length == 2) {
                assertThat(METHODS.get(parts[0])).contains(parts[1]);
              }
            });
    assertThat(page.links().stream().filter(link -> link.path().endsWith(".java")))
        .allSatisfy(
            link ->
                assertThat(link.text().replace("`", "").replaceFirst("\\..*", "") + ".java")
                    .isEqualTo(page.target(link).getFileName().toString()));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandLinesParse(Page page) {
    assertThat(page.commands()).allSatisfy(ShellLine::assertThatItParses);
  }

  @Test
  void everyRungHasItsPage() throws IOException {
    try (Stream<Path> presets = Files.list(Page.ROOT.resolve("conf/lecture"))) {
      assertThat(presets.map(preset -> preset.getFileName().toString().replace(".conf", ".md")))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(Page.ROOT.resolve("docs").resolve(name)).exists());
    }
  }

  @Test
  void figuresAreSmallAndAllOfThemShown() throws IOException {
    List<Path> shown =
        pages().stream()
            .flatMap(page -> page.links().stream().map(page::target))
            .map(Path::normalize)
            .toList();
    long bytes = 0;
    try (Stream<Path> figures = Files.list(Page.ROOT.resolve("docs/figures"))) {
      for (Path figure : figures.toList()) {
        assertThat(shown).contains(figure.normalize());
        bytes += Files.size(figure);
      }
    }
    assertThat(bytes).isBetween(1L, MOST_BYTES_OF_FIGURES);
  }
}
