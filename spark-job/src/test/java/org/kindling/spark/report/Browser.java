package org.kindling.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A page in a headless Chromium, steered by its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");
  private static final String LISTENING = "DevTools listening on ws://";
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> answers;

  /** What the browser said without being asked: requests, messages of the console, errors. */
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  private int last;

  private Browser(Process process, URI page) {
    this.process = process;
    this.answers = new LinkedBlockingQueue<>();
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Ear()).join();
  }

  /** Takes messages, which may come in parts. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        JsonNode message = parse(text.toString());
        text.setLength(0);
        if (message.has("id")) {
          answers.add(message);
        } else {
          events.add(message);
        }
      }
      return WebSocket.Listener.super.onText(from, part, isLast);
    }
  }

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
   * Starts it with an empty page.
   *
   * @param profile an empty folder
   */
  static Browser start(Path program, Path profile) throws IOException, InterruptedException {
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
            .start();
    try {
      String address = address(process);
      HttpResponse<String> pages =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).build(),
                  HttpResponse.BodyHandlers.ofString());
      for (JsonNode page : parse(pages.body())) {
        if (page.get("type").asText().equals("page")) {
          Browser browser =
              new Browser(process, URI.create(page.get("webSocketDebuggerUrl").asText()));
          for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            browser.call(domain + ".enable", Map.of());
          }
          return browser;
        }
      }
      throw new IOException("Chromium has no page: " + pages.body());
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** HOST:PORT, which it prints when it is ready. */
  private static String address(Process process) throws IOException {
    StringBuilder before = new StringBuilder();
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENING)) {
        drain(out);
        return line.substring(LISTENING.length()).replaceFirst("/.*", "");
      }
      before.append(line).append('\n');
    }
    throw new IOException("Chromium ended at once: " + before);
  }

  /** Reads on, so that the browser never waits for room in the pipe. */
  private static void drain(BufferedReader out) {
    Thread drain =
        new Thread(
            () -> {
              try {
                out.transferTo(Writer.nullWriter());
              } catch (IOException e) {
                // the browser has ended
              }
            });
    drain.setDaemon(true);
    drain.start();
  }

  /** Opens a file and waits until its scripts have run; what was said before is forgotten. */
  void open(Path file) {
    events.clear();
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    while (events.stream().noneMatch(event -> named(event, "Page.loadEventFired"))) {
      evaluate("1"); // an answer comes behind all earlier events
    }
  }

  /** What an expression of the page's language gives. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
    }
    return result.get("result").path("value");
  }

  /** Moves the mouse there, and clicks or not. */
  void mouse(double x, double y, boolean click) {
    mouse("mouseMoved", x, y);
    if (click) {
      mouse("mousePressed", x, y);
      mouse("mouseReleased", x, y);
    }
  }

  private void mouse(String type, double x, double y) {
    String button = type.equals("mouseMoved") ? "none" : "left";
    call(
        "Input.dispatchMouseEvent",
        Map.of("type", type, "x", x, "y", y, "button", button, "clickCount", 1));
  }

  /** Presses and releases a key that makes no text, such as {@code ArrowUp} or {@code Tab}. */
  void key(String name) {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      int code = Arrays.asList(KEYS).indexOf(name);
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", name, "code", name, "windowsVirtualKeyCode", 33 + code));
    }
  }

  /** In the order of their codes. */
  private static final String[] KEYS = {
    "PageUp", "PageDown", "End", "Home", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"
  };

  /** Light or dark, and so many pixels wide. */
  void show(String scheme, int width) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Errors of scripts, of the console and of what the page may not load. */
  List<String> complaints() {
    evaluate("1");
    return events.stream()
        .filter(
            event ->
                named(event, "Runtime.exceptionThrown")
                    || named(event, "Runtime.consoleAPICalled")
                    || named(event, "Log.entryAdded"))
        .map(JsonNode::toString)
        .toList();
  }

  /** Addresses that were asked for. */
  List<String> requests() {
    evaluate("1");
    return events.stream()
        .filter(event -> named(event, "Network.requestWillBeSent"))
        .map(event -> event.at("/params/request/url").asText())
        .toList();
  }

  private static boolean named(JsonNode event, String name) {
    return event.get("method").asText().equals(name);
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    ObjectNode message = JSON.createObjectNode().put("id", ++last).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    socket.sendText(message.toString(), true).join();
    try {
      JsonNode answer = answers.poll(30, TimeUnit.SECONDS);
      if (answer == null || answer.has("error") || answer.get("id").asInt() != last) {
        throw new AssertionError(method + ": " + answer);
      }
      return answer.get("result");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  @Override
  public void close() {
    try {
      call("Browser.close", Map.of());
      if (!process.waitFor(10, TimeUnit.SECONDS)) { // its folder is deleted next
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    socket.abort();
  }
}
