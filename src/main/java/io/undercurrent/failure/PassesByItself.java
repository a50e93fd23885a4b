package io.undercurrent.failure;

/**
 * Marks an exception for something that is in the way and will go, although no SQLSTATE says so.
 */
public interface PassesByItself {}
