package io.undercurrent.kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an update does, as opposed to how it runs. It is kept with a run when that begins, so that
 * the run does not go on with something else.
 *
 * @param parts by names that stay: {@code read.table}, {@code values.server}
 */
public record KeptDefinition(Map<String, DefinitionPart> parts) {

  /** Any database can keep ASCII. */
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final String SQL = "sql";
  private static final String HASH = "sha256";

  /**
   * What an update does.
   *
   * @param values what {@code :name} stands for in the job's SQL; only those that are used count
   */
  public static KeptDefinition of(UpdateDefinition update, Map<String, Object> values) {
    return new KeptDefinition(DefinitionParts.of(update, values));
  }

  /** One that was kept. */
  public static KeptDefinition parse(String json) {
    var parts = new LinkedHashMap<String, DefinitionPart>();
    JsonMapper.shared()
        .readTree(json)
        .properties()
        .forEach(part -> parts.put(part.getKey(), part(part.getValue())));
    return new KeptDefinition(parts);
  }

  private static DefinitionPart part(JsonNode node) {
    if (node.isString()) {
      return DefinitionPart.text(node.stringValue());
    }
    return node.has(SQL)
        ? DefinitionPart.sql(node.path(SQL).stringValue())
        : DefinitionPart.hash(node.path(HASH).stringValue());
  }

  /** The form in which it is kept. */
  public String json() {
    var node = JsonMapper.shared().createObjectNode();
    parts.forEach(
        (name, part) -> {
          switch (part.form()) {
            case TEXT -> node.put(name, part.text());
            case SQL -> node.putObject(name).put(SQL, part.text());
            case HASH -> node.putObject(name).put(HASH, part.text());
          }
        });
    return ASCII.writeValueAsString(node);
  }

  /** What is different in another one; nothing if both do the same. */
  public List<DefinitionChange> changesTo(KeptDefinition other) {
    var names = new LinkedHashSet<>(parts.keySet());
    names.addAll(other.parts.keySet());
    var changes = new ArrayList<DefinitionChange>();
    for (var name : names) {
      var before = parts.get(name);
      var after = other.parts.get(name);
      if (!Objects.equals(before, after) && !(before != null && before.means(after))) {
        changes.add(new DefinitionChange(name, before, after));
      }
    }
    return changes;
  }
}
