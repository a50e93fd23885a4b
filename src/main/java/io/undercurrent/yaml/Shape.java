package io.undercurrent.yaml;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a value of a job file may be. Parsers take the known keys from it, and so does the JSON
 * Schema that editors use.
 */
public sealed interface Shape {

  Shape TEXT = new Scalar(Type.TEXT);
  Shape SQL = new Scalar(Type.SQL);
  Shape INTEGER = new Scalar(Type.INTEGER);
  Shape FLAG = new Scalar(Type.FLAG);
  Shape DURATION = new Scalar(Type.DURATION);

  /** A column, or a list of them. */
  Shape COLUMNS = new OneOrMore(TEXT);

  /** A statement, or a list of them. */
  Shape STATEMENTS = new OneOrMore(SQL);

  /** One of some words. */
  static Shape oneOf(String... words) {
    return new Words(List.of(words));
  }

  static Mapping mapping(Key... keys) {
    return new Mapping(List.of(keys));
  }

  static Shape either(Shape... shapes) {
    return new Either(List.of(shapes));
  }

  /** What a single value may stand for. */
  enum Type {
    TEXT,
    SQL,
    INTEGER,
    FLAG,
    DURATION
  }

  /** A single value. */
  record Scalar(Type type) implements Shape {}

  /** One of some words. */
  record Words(List<String> words) implements Shape {}

  /** A list. */
  record Items(Shape item) implements Shape {}

  /** A list, or one of its items alone. */
  record OneOrMore(Shape item) implements Shape {}

  /** Any of some shapes. */
  record Either(List<Shape> shapes) implements Shape {}

  /** A mapping whose keys are names of the author's. */
  record Named(Shape value) implements Shape {}

  /** A mapping with some keys. */
  record Mapping(List<Key> keys) implements Shape {

    public List<String> names() {
      return keys.stream().map(Key::name).toList();
    }

    /** The same, with more keys. */
    public Mapping and(Key... more) {
      return new Mapping(Stream.concat(keys.stream(), Stream.of(more)).toList());
    }
  }

  /**
   * A key of a mapping.
   *
   * @param meaning what it is for, in a few words that an editor shows
   */
  record Key(String name, Shape shape, boolean required, String meaning) {

    public static Key required(String name, Shape shape, String meaning) {
      return new Key(name, shape, true, meaning);
    }

    public static Key optional(String name, Shape shape, String meaning) {
      return new Key(name, shape, false, meaning);
    }
  }
}
