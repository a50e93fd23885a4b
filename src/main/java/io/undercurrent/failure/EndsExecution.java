package io.undercurrent.failure;

/** Marks an exception after which no other try may be made in the same execution. */
public interface EndsExecution {}
