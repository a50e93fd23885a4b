package io.undercurrent.doctor;

/**
 * What became of a finding that was to be fixed.
 *
 * @param finding what was found
 * @param done whether it is fixed now
 * @param outcome what was done, or why nothing was, a sentence
 */
public record Fixed(Finding finding, boolean done, String outcome) {}
