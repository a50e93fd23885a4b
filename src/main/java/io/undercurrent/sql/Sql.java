package io.undercurrent.sql;

/**
 * SQL as the author of a job file wrote it.
 *
 * @param text the SQL
 * @param line the line of the file on which it begins
 */
public record Sql(String text, int line) {}
