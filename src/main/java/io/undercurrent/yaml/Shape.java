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

  /** A span of the day, such as Mon-Fri 22:00-06:00 Europe/Berlin. */
  Shape TIME_WINDOW = new Scalar(Type.TIME_WINDOW);

  /** A text that may be empty. */
  Shape ANY_TEXT = new Scalar(Type.ANY_TEXT);

  /** A number of 1 or more. */
  Shape COUNT = new Scalar(Type.COUNT);

  /** A share of all, such as 0.5 %. */
  Shape PERCENT = new Scalar(Type.PERCENT);

  /** An empty list. */
  Shape NONE = new Nothing();

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

  /** The keys of the mappings that it may be. */
  default List<Key> inner() {
    return List.of();
  }

  /** What a single value may stand for. */
  enum Type {
    TEXT,
    ANY_TEXT,
    SQL,
    INTEGER,
    COUNT,
    PERCENT,
    FLAG,
    DURATION,
    TIME_WINDOW
  }

  /** A single value. */
  record Scalar(Type type) implements Shape {}

  /** A whole number, from the least to the most. */
  record Range(int least, int most) implements Shape {}

  /** One of some words. */
  record Words(List<String> words) implements Shape {}

  /** An empty list. */
  record Nothing() implements Shape {}

  /** A list of one or more. */
  record Items(Shape item) implements Shape {

    @Override
    public List<Key> inner() {
      return item.inner();
    }
  }

  /** A list, or one of its items alone. */
  record OneOrMore(Shape item) implements Shape {

    @Override
    public List<Key> inner() {
      return item.inner();
    }
  }

  /** Any of some shapes. */
  record Either(List<Shape> shapes) implements Shape {

    @Override
    public List<Key> inner() {
      return shapes.stream().flatMap(shape -> shape.inner().stream()).toList();
    }
  }

  /** A mapping whose keys are names of the author's. */
  record Named(Shape value) implements Shape {}

  /** A mapping with some keys. */
  record Mapping(List<Key> keys) implements Shape {

    @Override
    public List<Key> inner() {
      return keys;
    }

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
