/** What a screen shows of a status. */
@NullMarked
package io.undercurrent.shell.view;

import org.jspecify.annotations.NullMarked;
