package org.kindling.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds special tokens in a text, in order; each is searched for once from its last place on. */
final class SpecialTokenFinder {
  private final String text;
  private final Map<String, Integer> places = new HashMap<>();

  /** A special token and where it begins. */
  record Found(String special, int at) {}

  SpecialTokenFinder(String text, Set<String> specials) {
    this.text = text;
    specials.forEach(special -> places.put(special, text.indexOf(special)));
  }

  /** The leftmost at {@code from} or behind it, the longest of those at one place. */
  Optional<Found> next(int from) {
    Found best = null;
    for (Map.Entry<String, Integer> place : places.entrySet()) {
      if (place.getValue() >= 0 && place.getValue() < from) {
        place.setValue(text.indexOf(place.getKey(), from));
      }
      int at = place.getValue();
      if (at >= 0
          && (best == null
              || at < best.at
              || (at == best.at && place.getKey().length() > best.special.length()))) {
        best = new Found(place.getKey(), at);
      }
    }
    return Optional.ofNullable(best);
  }
}
