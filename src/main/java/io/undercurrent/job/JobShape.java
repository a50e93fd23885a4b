package io.undercurrent.job;

import io.undercurrent.database.Changelog;
import io.undercurrent.kind.Concern;
import io.undercurrent.queue.Knob;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;

/** The keys of a job file, but for those that the kinds of update bring. */
public final class JobShape {

  static final Shape.Range LANES = new Shape.Range(1, Knob.MOST_LANES);

  static final Shape.Mapping BATCH =
      Shape.mapping(
          Key.optional("first", Shape.COUNT, "how many items the first chunk has"),
          Key.optional("min", Shape.COUNT, "how many items a chunk has at least"),
          Key.optional("max", Shape.COUNT, "how many items a chunk has at most"),
          Key.optional("target", Shape.DURATION, "how long a chunk is to take"));

  static final Shape.Mapping QUARANTINE =
      Shape.mapping(
          Key.optional("rows", Shape.COUNT, "how many rows may be put aside"),
          Key.optional("share", Shape.PERCENT, "which share of the run's rows: 1 %"));

  static final Shape.Mapping ON_ERROR =
      Shape.mapping(
          Key.required("quarantine", QUARANTINE, "rows that cannot be processed are put aside"));

  static final Key UPDATES =
      Key.required("updates", Shape.TEXT, "what the job does, one update after the other");

  private static final List<Key> FILE =
      List.of(
          Key.optional("description", Shape.TEXT, "what the job is for, in your own words"),
          Key.optional(
              "needs",
              Shape.oneOf(Changelog.words().toArray(String[]::new)),
              "a part of Undercurrent's schema that the SQL uses"),
          UPDATES,
          Key.optional(
              "values",
              new Shape.Named(Shape.either(Shape.ANY_TEXT, new Shape.Items(Shape.ANY_TEXT))),
              "what :name stands for in the SQL: a text, a list, or ${a.property}"));

  private static final List<Key> OF_UPDATES =
      List.of(
          Key.required("name", Shape.TEXT, "what it is called, here and in the history"),
          Key.optional(
              "depends-on",
              Shape.either(Shape.TEXT, Shape.NONE),
              "the update that has to leave the queue first, in place of the one before; [] for none"),
          Key.optional("ordering", Shape.INTEGER, "lower goes first; 0 by default"),
          Key.optional(
              "lock-timeout", Shape.DURATION, "how long a statement waits for a lock: 500ms, 2s"),
          Key.optional("statement-timeout", Shape.DURATION, "how long a statement runs"),
          Key.optional(
              "row-security",
              Shape.oneOf("filter"),
              "filter: see only the rows that row level security shows the role"),
          Key.optional("batch", BATCH, "how large chunks are, in place of the controller's sizes"),
          Key.optional("lanes", LANES, "how many chunks are worked on at a time; 1 by default"),
          Key.optional("on-error", ON_ERROR, "what becomes of rows that cannot be processed"),
          Key.optional(
              "every", Shape.DURATION, "how often it is queued again, from its start on: 12h, 1d"),
          Key.optional(
              "windows",
              new Shape.OneOrMore(Shape.TIME_WINDOW),
              "when it may run: 22:00-06:00 Europe/Berlin; always without it"),
          Key.optional(
              "allow",
              new Shape.OneOrMore(Shape.oneOf(Concern.words().toArray(String[]::new))),
              "what check need not warn of"));

  private JobShape() {}

  /** The keys of the file. */
  public static List<Key> file() {
    return FILE;
  }

  /** The keys of an update of any kind. */
  public static List<Key> ofUpdates() {
    return OF_UPDATES;
  }

  static List<String> names(List<Key> keys) {
    return keys.stream().map(Key::name).toList();
  }
}
