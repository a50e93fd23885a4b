package io.undercurrent.doctor;

import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong, or worth knowing.
 *
 * @param name the name of the check that found it
 * @param severity how much it matters
 * @param subject what it is about: an index, an update, a role; or null
 * @param sentence what is the case
 * @param cure what to do about it: a sentence with the statement or the verb to type
 * @param fix does so, or null if that is left to the operator
 */
public record Finding(
    String name,
    Severity severity,
    @Nullable String subject,
    String sentence,
    String cure,
    @Nullable Fix fix) {

  /** How much a finding matters. */
  public enum Severity {
    /** It does harm until somebody does something about it. */
    PROBLEM,
    /** It passes by itself, or somebody wants it so. */
    HINT;

    /** As JSON has it. */
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean isProblem() {
    return severity == Severity.PROBLEM;
  }

  public boolean fixable() {
    return fix != null;
  }

  /** The cure of a finding, to be carried out. */
  @FunctionalInterface
  interface Fix {

    /**
     * Carries it out, unless the finding is gone by now.
     *
     * @param done is told what was done, a sentence; in the transaction that does it, if one does
     */
    void apply(Consumer<String> done);
  }
}
