/** What the APIs over HTTP have in common: bodies, answers, and questions that end in time. */
@NullMarked
package io.undercurrent.admin.http;

import org.jspecify.annotations.NullMarked;
