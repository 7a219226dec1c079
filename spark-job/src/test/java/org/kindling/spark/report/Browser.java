package org.kindling.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A page in a headless Chromium, steered by its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Chromium chromium;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

  /** What the browser said without being asked: requests, messages of the console, errors. */
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  private int last;

  /**
   * Starts it with an empty page.
   *
   * @param folder an empty one, for what it writes
   */
  static Browser start(Path program, Path folder) throws IOException, InterruptedException {
    Chromium chromium = Chromium.start(program, folder);
    try {
      return new Browser(chromium);
    } catch (RuntimeException | AssertionError e) {
      chromium.process().destroyForcibly();
      throw e;
    }
  }

  private Browser(Chromium chromium) {
    this.chromium = chromium;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(chromium.page(), new Ear())
            .join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
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

  /** Keys that make no text, in the order of their codes. */
  private static final List<String> KEYS =
      List.of(
          "PageUp", "PageDown", "End", "Home", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown");

  /** Presses and releases one of {@link #KEYS}. */
  void key(String name) {
    int code = 33 + KEYS.indexOf(name);
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", name, "code", name, "windowsVirtualKeyCode", code));
    }
  }

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
      JsonNode answer;
      do { // an answer may come after nobody waited for it any more
        answer = answers.poll(30, TimeUnit.SECONDS);
      } while (answer != null && answer.get("id").asInt() < last);
      if (answer == null || answer.has("error")) {
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
    } finally {
      chromium.end();
      socket.abort();
    }
  }
}
