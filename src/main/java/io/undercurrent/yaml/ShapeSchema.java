package io.undercurrent.yaml;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Shapes as JSON Schema, for editors: what a parser refuses for its shape does not match. */
public final class ShapeSchema {

  private static final String NOT_BLANK = "\\S";
  private static final String INTEGER = "^[+-]?[0-9]+$";
  private static final String COUNT = "^\\+?0*[1-9][0-9]*$";
  private static final String PERCENT = "^[0-9]{1,3}(\\.[0-9]{1,6})? ?%$";
  private static final String DURATION =
      "^\\+?[0-9]+([Nn][Ss]|[Uu][Ss]|[Mm][Ss]|[Ss]|[Mm]|[Hh]|[Dd])$|^[+-]?[Pp]";

  private static final String TIME_WINDOW =
      "^([A-Za-z]{3}[A-Za-z, -]* )?[0-2][0-9]:[0-5][0-9] *- *[0-2][0-9]:[0-5][0-9] +\\S+$";

  private ShapeSchema() {}

  public static ObjectNode of(Shape shape) {
    var node = JsonMapper.shared().createObjectNode();
    if (shape instanceof Shape.Scalar scalar) {
      scalar(node, scalar.type());
    } else if (shape instanceof Shape.Range range) {
      types(node, "integer", "string")
          .put("minimum", range.least())
          .put("maximum", range.most())
          .put("pattern", COUNT);
    } else if (shape instanceof Shape.Words words) {
      var array = node.putArray("enum");
      words.words().forEach(array::add);
    } else if (shape instanceof Shape.Nothing) {
      node.put("type", "array").put("maxItems", 0);
    } else if (shape instanceof Shape.Items items) {
      node.put("type", "array").put("minItems", 1).set("items", of(items.item()));
    } else if (shape instanceof Shape.OneOrMore several) {
      anyOf(node, List.of(several.item(), new Shape.Items(several.item())));
    } else if (shape instanceof Shape.Either either) {
      anyOf(node, either.shapes());
    } else if (shape instanceof Shape.Named named) {
      node.put("type", "object").set("additionalProperties", of(named.value()));
    } else if (shape instanceof Shape.Mapping mapping) {
      mapping(node, mapping);
    }
    return node;
  }

  private static void anyOf(ObjectNode node, List<Shape> shapes) {
    var alternatives = node.putArray("anyOf");
    shapes.forEach(shape -> alternatives.add(of(shape)));
  }

  /** A text is what is written, whatever else YAML sees in it: {@code name: 7} is one. */
  private static void scalar(ObjectNode node, Shape.Type type) {
    switch (type) {
      case TEXT, SQL -> types(node, "string", "number", "boolean").put("pattern", NOT_BLANK);
      case ANY_TEXT -> types(node, "string", "number", "boolean");
      case INTEGER ->
          types(node, "integer", "string")
              .put("minimum", Integer.MIN_VALUE)
              .put("maximum", Integer.MAX_VALUE)
              .put("pattern", INTEGER);
      case COUNT -> types(node, "integer", "string").put("minimum", 1).put("pattern", COUNT);
      case PERCENT -> node.put("type", "string").put("pattern", PERCENT);
      case DURATION -> node.put("type", "string").put("pattern", DURATION);
      case TIME_WINDOW -> node.put("type", "string").put("pattern", TIME_WINDOW);
      case FLAG -> node.putArray("enum").add(true).add(false).add("true").add("false");
    }
  }

  private static ObjectNode types(ObjectNode node, String... types) {
    var array = node.putArray("type");
    List.of(types).forEach(array::add);
    return node;
  }

  private static void mapping(ObjectNode node, Shape.Mapping mapping) {
    node.put("type", "object");
    var properties = node.putObject("properties");
    mapping.keys().forEach(key -> properties.set(key.name(), of(key)));
    require(node, mapping.keys());
  }

  /** A key with what an editor shows about it. */
  public static ObjectNode of(Shape.Key key) {
    return of(key.shape()).put("description", key.meaning());
  }

  /** Has the properties of an object be all that there are, and some of them be there. */
  public static void require(ObjectNode node, List<Shape.Key> keys) {
    if (keys.stream().anyMatch(Shape.Key::required)) {
      var required = node.putArray("required");
      keys.stream().filter(Shape.Key::required).map(Shape.Key::name).forEach(required::add);
    }
    node.put("additionalProperties", false);
  }
}
