package io.undercurrent.kind;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kind says about the work of an update.
 *
 * @param kind the kind, in one word that programs may rely on: {@code create-index}
 * @param summary the same for people: {@code one-shot: an index, built concurrently}
 * @param facts texts by their labels, in order
 * @param fields the same for programs, by names in snake case that stay
 */
public record Description(
    String kind, String summary, Map<String, String> facts, Map<String, @Nullable Object> fields) {

  public static Description of(String kind, String summary) {
    return new Description(kind, summary, new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  public Description fact(String label, String text) {
    facts.put(label, text);
    return this;
  }

  public Description field(String name, @Nullable Object value) {
    fields.put(name, value);
    return this;
  }
}
