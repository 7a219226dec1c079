package org.kindling.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium with one empty page.
 *
 * @param page where the page takes commands of the DevTools protocol
 */
record Chromium(Process process, URI page) {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  /** The program, if this machine has one. */
  static Optional<Path> program() {
    return NAMES.stream()
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(file -> file.toFile().canExecute())
        .findFirst();
  }

  /**
   * Starts it.
   *
   * @param folder for its profile and its log
   */
  static Chromium start(Path program, Path folder) throws IOException, InterruptedException {
    Path profile = folder.resolve("profile");
    Path log = folder.resolve("chromium.log");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox", // root cannot have one, and the page is ours
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new Chromium(process, page(port(process, profile, log)));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** The port that it chose, which it writes into its profile when it is ready. */
  private static int port(Process process, Path profile, Path log)
      throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long start = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - start < 60e9) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2) { // the port, and the browser's own path
        return Integer.parseInt(lines.get(0));
      }
      Thread.sleep(10);
    }
    throw new IOException("Chromium did not open a port: " + Files.readString(log));
  }

  private static URI page(int port) throws IOException, InterruptedException {
    URI list = URI.create("http://127.0.0.1:%d/json/list".formatted(port));
    HttpResponse<String> pages =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
    for (JsonNode page : new JsonMapper().readTree(pages.body())) {
      if (page.get("type").asText().equals("page")) {
        return URI.create(page.get("webSocketDebuggerUrl").asText());
      }
    }
    throw new IOException("Chromium has no page: " + pages.body());
  }

  /** Waits for the end that it was told to come to, or makes one: its folder is deleted next. */
  void end() {
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
