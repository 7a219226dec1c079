package org.kindling.model.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** llama.cpp in a process of its own: {@code scripts/llama.mjs} under Node. */
final class LlamaPeer implements AutoCloseable {
  private final Process process;
  private final PrintStream to;
  private final BufferedReader from;

  /** What it added to a prompt, and in which time. */
  record Continuation(int[] tokens, double seconds) {}

  /**
   * @param script scripts/llama.mjs
   * @param library the folder in which node-llama-cpp is installed
   * @param model a GGUF file
   * @param context the most tokens of a sequence
   * @param cached F16 or F32, the type of keys and values that are kept
   */
  LlamaPeer(Path script, Path library, Path model, int context, String cached) throws IOException {
    process =
        new ProcessBuilder(
                "node",
                script.toString(),
                library.toString(),
                model.toString(),
                String.valueOf(context),
                cached)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    to = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    from = process.inputReader(StandardCharsets.US_ASCII);
    String line = answer();
    if (!line.equals("ready")) {
      process.destroy();
      throw new IOException("llama.cpp said " + line);
    }
  }

  /** Continues greedily by that many tokens. */
  Continuation greedy(int[] prompt, int count) throws IOException {
    to.println(
        count + Arrays.stream(prompt).mapToObj(token -> " " + token).collect(Collectors.joining()));
    long[] numbers = Arrays.stream(answer().split(" ")).mapToLong(Long::parseLong).toArray();
    int[] tokens = Arrays.stream(numbers).skip(1).mapToInt(Math::toIntExact).toArray();
    return new Continuation(tokens, 1e-9 * numbers[0]);
  }

  private String answer() throws IOException {
    String line = from.readLine();
    if (line == null) {
      throw new IOException("llama.cpp's process ended");
    }
    return line;
  }

  @Override
  public void close() {
    to.close();
    process.destroy();
  }
}
