package org.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kindling.spark.settings.SettingHelp;

/** What README says that the code says, too. Tests run in the module's folder. */
class ReadmeTest {
  private static final Path ROOT = Page.ROOT;
  private static final Page README = Page.of("README.md");

  /** Where this fails, the expected text is what belongs into README. */
  @Test
  void theTableOfSettingsIsThatOfTheHelp() {
    String expected =
        SettingHelp.all().stream()
            .map(
                help ->
                    "| `%s` | `%s` | %s |"
                        .formatted(
                            help.name(), inTable(unquoted(help.defaultValue())), help.comment()))
            .collect(Collectors.joining("\n"));

    String table =
        README
            .text()
            .lines()
            .filter(line -> line.matches("\\| `(model|data|tokenizer|train)\\..*"))
            .collect(Collectors.joining("\n"));

    assertThat(table).isEqualTo(expected);
  }

  @Test
  void everyPresetIsNamed() throws IOException {
    Path conf = ROOT.resolve("conf");
    try (Stream<Path> files = Files.walk(conf)) {
      List<String> presets =
          files
              .map(file -> conf.relativize(file).toString())
              .filter(name -> name.endsWith(".conf") && !name.equals("spark-defaults.conf"))
              .map(name -> "| `" + name.replace(".conf", "") + "` |")
              .toList();

      assertThat(README.text()).contains(presets);
    }
  }

  @Test
  void packagesAndFilesThatItNamesAreThere() {
    assertThat(README.matches("`(org\\.kindling\\.[a-z.]+)`"))
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(Stream.of("tokenizer", "model", "spark-job"))
                    .anyMatch(
                        module ->
                            Files.isDirectory(
                                ROOT.resolve(module)
                                    .resolve("src/main/java")
                                    .resolve(name.replace('.', '/')))));
    README.assertThatLinksResolve();
  }

  @Test
  void everyPackageIsOnTheMap() throws IOException {
    for (String module : new String[] {"tokenizer", "model", "spark-job"}) {
      Path sources = ROOT.resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        List<String> packages =
            files
                .filter(file -> file.toString().endsWith(".java"))
                .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
                .distinct()
                .map(name -> "| `" + name + "` |")
                .toList();

        assertThat(README.text()).contains(packages);
      }
    }
  }

  @Test
  void commandLinesParse() {
    assertThat(README.commands()).isNotEmpty().allSatisfy(ShellLine::assertThatItParses);
  }

  /** {@code "gpt"} is {@code gpt}; an empty text keeps its quotes. */
  private static String unquoted(String value) {
    return value.replaceFirst("^\"(.+)\"$", "$1");
  }

  /** A bar in a value is none of the table's. */
  private static String inTable(String value) {
    return value.replace("|", "\\|");
  }
}
