package io.undercurrent.testing;

import io.undercurrent.database.Database;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests against a real PostgreSQL. A test method may take a {@link Database} as parameter, fresh
 * and with Undercurrent's schema, and {@link TestDatabases} where it needs further ones; both are
 * the same for the method and its {@code @BeforeEach}, and removed while the next ones run.
 *
 * <p>The server runs once per test JVM, with locale C as a Matrix homeserver has it, and without
 * fsync.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PostgresExtension.class)
public @interface PostgresTest {}
