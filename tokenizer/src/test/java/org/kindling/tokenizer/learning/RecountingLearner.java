package org.kindling.tokenizer.learning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kindling.tokenizer.ByteCharacters;

/** Learns merges the slow way that needs no proof: all pairs are counted again for each. */
final class RecountingLearner {
  private record Pair(String left, String right) {}

  private final List<List<String>> words = new ArrayList<>();
  private final List<String> tokens = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  RecountingLearner(List<String> texts) {
    for (int value = 0; value < 256; value++) {
      tokens.add(Character.toString(ByteCharacters.of(value)));
    }
    tokens.sort(Comparator.naturalOrder());
    for (String text : texts) {
      words.add(new ArrayList<>(text.chars().mapToObj(Character::toString).toList()));
    }
  }

  List<String> merges() {
    return merges;
  }

  void learn(int size) {
    while (tokens.size() < size) {
      Map<Pair, Integer> counts = new HashMap<>();
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(new Pair(word.get(i), word.get(i + 1)), 1, Integer::sum);
        }
      }
      if (counts.isEmpty()) {
        return;
      }
      Pair best =
          counts.keySet().stream()
              .min(
                  Comparator.comparing((Pair pair) -> -counts.get(pair))
                      .thenComparing(pair -> tokens.indexOf(pair.left))
                      .thenComparing(pair -> tokens.indexOf(pair.right)))
              .orElseThrow();
      String merge = best.left + " " + best.right;
      if (!merges.contains(merge)) {
        merges.add(merge);
      }
      if (!tokens.contains(best.left + best.right)) {
        tokens.add(best.left + best.right);
      }
      words.forEach(word -> merge(word, best));
    }
  }

  private static void merge(List<String> word, Pair pair) {
    for (int i = 0; i + 1 < word.size(); i++) {
      if (word.get(i).equals(pair.left) && word.get(i + 1).equals(pair.right)) {
        word.set(i, pair.left + pair.right);
        word.remove(i + 1);
      }
    }
  }
}
