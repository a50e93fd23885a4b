package io.undercurrent.kind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a {@link Work}, or a type of such components, that may be another when a run goes
 * on: it says how the work is done, or where it stands in its file, rather than what is done.
 */
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Incidental {}
