/** Where verbs write: tables, lists, progress, numbers and times. */
@NullMarked
package io.undercurrent.shell.screen;

import org.jspecify.annotations.NullMarked;
