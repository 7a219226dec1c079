package org.kindling.spark.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a Java process of Spark's holds at a moment, seen from outside.
 *
 * @param heapMiB of live objects, after a collection
 * @param rssMiB all of its physical memory
 * @param blocks that its block manager has in memory: of broadcasts, of shards
 */
record ProcessMemory(long heapMiB, long rssMiB, long blocks) {
  private static final long MIB = 1 << 20;

  static ProcessMemory of(ProcessHandle process) throws IOException, InterruptedException {
    // The physical memory first: the histogram collects garbage, and may give memory back.
    long rss = rssKiB(process) / 1024;
    long heap = 0;
    long blocks = 0;
    for (String line : histogram(process)) {
      String[] words = line.strip().split("\\s+");
      if (words[0].equals("Total")) {
        heap = Long.parseLong(words[2]);
      } else if (line.endsWith("org.apache.spark.storage.memory.SerializedMemoryEntry")
          || line.endsWith("org.apache.spark.storage.memory.DeserializedMemoryEntry")) {
        blocks += Long.parseLong(words[1]);
      }
    }
    return new ProcessMemory(heap / MIB, rss, blocks);
  }

  /** Lines such as {@code 12: 345 6789 java.lang.Object}, of live objects. */
  private static List<String> histogram(ProcessHandle process)
      throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process running =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (running.waitFor() != 0) {
      throw new IOException("jcmd of process %d: %s".formatted(process.pid(), text));
    }
    return text.lines().filter(line -> !line.isBlank()).toList();
  }

  private static long rssKiB(ProcessHandle process) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}
