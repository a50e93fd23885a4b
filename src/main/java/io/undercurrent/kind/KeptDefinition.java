package io.undercurrent.kind;

import io.undercurrent.kind.DefinitionPart.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
  private static final String FIXED = "fixed";

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
        .forEach(part -> parts.put(part.getKey(), part(part.getKey(), part.getValue())));
    return new KeptDefinition(parts);
  }

  private static DefinitionPart part(String name, JsonNode node) {
    if (node.isString()) {
      return DefinitionPart.text(name, node.stringValue());
    }
    var fixed = node.path(FIXED).booleanValue(false);
    return node.has(SQL)
        ? new DefinitionPart(Form.SQL, node.path(SQL).stringValue(), fixed)
        : new DefinitionPart(Form.HASH, node.path(HASH).stringValue(), fixed);
  }

  /** The form in which it is kept. */
  public String json() {
    var node = JsonMapper.shared().createObjectNode();
    parts.forEach(
        (name, part) -> {
          if (part.form() == Form.TEXT) {
            node.put(name, part.text());
            return;
          }
          var said = node.putObject(name).put(part.form() == Form.SQL ? SQL : HASH, part.text());
          if (part.fixed()) {
            said.put(FIXED, true);
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
      if (before == null || !before.means(after)) {
        changes.add(new DefinitionChange(name, before, after));
      }
    }
    return changes;
  }
}
