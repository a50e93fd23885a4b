/** What is known of a run, as one document for others to read. */
@NullMarked
package io.undercurrent.shell.report;

import org.jspecify.annotations.NullMarked;
