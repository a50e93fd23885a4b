package io.undercurrent.job;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.UpdateKinds;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.ShapeSchema;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of job files, by which editors complete keys and mark mistakes. */
public final class JobSchema {

  /** The file of that schema beside the job files. */
  public static final String FILE = "job-file.schema.json";

  private JobSchema() {}

  /** The text of the schema, JSON. */
  public static String of(UpdateKinds kinds) {
    var schema = JsonMapper.shared().createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "A job file of Undercurrent");
    schema.put("type", "object");
    var properties = schema.putObject("properties");
    JobShape.file().forEach(key -> properties.set(key.name(), ShapeSchema.of(key)));
    properties.set(JobShape.UPDATES.name(), updates(kinds));
    ShapeSchema.require(schema, JobShape.file());
    var common = schema.putObject("$defs");
    JobShape.ofUpdates().forEach(key -> common.set(key.name(), ShapeSchema.of(key)));
    return schema.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private static ObjectNode updates(UpdateKinds kinds) {
    var updates = JsonMapper.shared().createObjectNode();
    updates.put("description", JobShape.UPDATES.meaning());
    updates.put("type", "array").put("minItems", 1);
    var alternatives = updates.putObject("items").putArray("anyOf");
    kinds.all().forEach(kind -> alternatives.add(update(kind)));
    return updates;
  }

  private static ObjectNode update(UpdateKind kind) {
    var update = JsonMapper.shared().createObjectNode();
    update.put("title", kind.name()).put("description", kind.purpose()).put("type", "object");
    var properties = update.putObject("properties");
    kind.keys().forEach(key -> properties.set(key.name(), ShapeSchema.of(key)));
    JobShape.ofUpdates().forEach(key -> properties.set(key.name(), reference(key)));
    ShapeSchema.require(
        update, Stream.of(JobShape.ofUpdates(), kind.keys()).flatMap(List::stream).toList());
    return update;
  }

  private static ObjectNode reference(Key key) {
    return JsonMapper.shared().createObjectNode().put("$ref", "#/$defs/" + key.name());
  }
}
