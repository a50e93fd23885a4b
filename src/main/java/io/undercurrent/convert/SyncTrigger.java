package io.undercurrent.convert;

import io.undercurrent.sql.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The new column, and the trigger that keeps it in step with the old one.
 *
 * @param work what the job file says
 * @param column the old column
 */
record SyncTrigger(ConvertColumn work, OldColumn column) {

  /** What the new column's comment begins with, by which it is recognised. */
  static final String MARK = "Undercurrent converts ";

  /** What each type can be made of so that no value fails. */
  private static final Map<String, Set<String>> ALWAYS_FITS =
      Map.of(
          "integer", Set.of("smallint"),
          "bigint", Set.of("smallint", "integer"),
          "numeric", Set.of("smallint", "integer", "bigint"),
          "double precision", Set.of("smallint", "integer", "real"),
          "text", Set.of("character varying", "character"));

  static String mark(ConvertColumn work) {
    return MARK
        + work.column()
        + " to "
        + work.to()
        + (work.using() == null ? "" : " using " + work.using().text());
  }

  /** Statements that make both, where nothing is. */
  List<String> create(JdbcTemplate jdbc) {
    var statements = new ArrayList<String>();
    statements.add(
        column.alterTable(
            "ADD COLUMN %s %s%s".formatted(column.quotedNew(), work.to(), column.collation())));
    for (var setting : column.settings()) {
      statements.add(
          column.alterTable("ALTER COLUMN %s %s".formatted(column.quotedNew(), setting)));
    }
    statements.add(
        "COMMENT ON COLUMN %s.%s IS %s"
            .formatted(column.qualifiedTable(), column.quotedNew(), Text.literal(mark(work))));
    statements.add(function(jdbc));
    statements.add(
        "CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s()"
            .formatted(trigger(), column.qualifiedTable(), function()));
    // Also for what logical replication writes here, and where session_replication_role is replica.
    statements.add(column.alterTable("ENABLE ALWAYS TRIGGER " + trigger()));
    return statements;
  }

  /**
   * A value that does not fit is left out while rows are converted, and refused by the constraint
   * later: until then the application may go on with what it has.
   */
  private String function(JdbcTemplate jdbc) {
    var assign =
        work.using() == null
            ? "NEW.%s := NEW.%s;".formatted(column.quotedNew(), column.quoted())
            : "SELECT %s INTO NEW.%s FROM (SELECT NEW.*) AS %s;"
                .formatted(work.value(""), column.quotedNew(), Column.quoted(column.tableName()));
    var tolerant =
        alwaysFits(jdbc)
            ? assign
            : "BEGIN %s EXCEPTION WHEN OTHERS THEN NEW.%s := NULL; END;"
                .formatted(assign, column.quotedNew());
    return """
        CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql %sAS $undercurrent$
        #variable_conflict use_column
        BEGIN
          %s
          RETURN NEW;
        END
        $undercurrent$"""
        .formatted(function(), work.using() == null ? "" : asAuthor(jdbc), tolerant);
  }

  /** With the names that the author of 'using' means, whoever writes. */
  private static String asAuthor(JdbcTemplate jdbc) {
    return String.valueOf(
        jdbc.queryForObject(
            """
        SELECT format('SECURITY DEFINER SET search_path = %s ',
                      string_agg(quote_ident(name), ', ' ORDER BY position))
          FROM unnest(current_schemas(false) || CAST('pg_temp' AS name))
               WITH ORDINALITY AS path (name, position)""",
            String.class));
  }

  private boolean alwaysFits(JdbcTemplate jdbc) {
    var to = Conversion.typeName(jdbc, work);
    var from = column.type().replaceFirst("\\(.*", "");
    return work.using() == null
        && !work.to().contains("(")
        && ALWAYS_FITS.getOrDefault(to, Set.of()).contains(from);
  }

  /** Statements that take the trigger away, if it is there; its table may have been renamed. */
  List<String> dropTrigger(JdbcTemplate jdbc) {
    var statements = new ArrayList<String>();
    statements.add("DROP TRIGGER IF EXISTS %s ON %s".formatted(trigger(), column.qualifiedTable()));
    statements.addAll(
        jdbc.queryForList(
            """
            SELECT format('DROP FUNCTION %s', CAST(tgfoid AS regprocedure))
              FROM pg_trigger
             WHERE tgrelid = ?
               AND tgname = ?""",
            String.class, column.table(), Names.trigger(column.name())));
    statements.add("DROP FUNCTION IF EXISTS %s()".formatted(function()));
    return statements;
  }

  /** Statements that take away all that a conversion has made, if there is something. */
  List<String> dropAll(JdbcTemplate jdbc) {
    var statements = new ArrayList<>(dropTrigger(jdbc));
    if (column.marker() != null && column.marker().startsWith(MARK)) {
      statements.addAll(referencesToNew(jdbc));
      statements.add(column.alterTable("DROP COLUMN " + column.quotedNew()));
    }
    return statements;
  }

  /** The tables that this locks, as SQL, as far as they are the role's: the column's own first. */
  List<String> tables(JdbcTemplate jdbc) {
    var tables = new ArrayList<>(List.of(column.qualifiedTable()));
    tables.addAll(
        jdbc.queryForList(
            """
            SELECT DISTINCT CAST(CAST(other.oid AS regclass) AS text)
              FROM pg_attribute
              JOIN pg_constraint ON conrelid = attrelid AND attnum = ANY (conkey)
                                 OR confrelid = attrelid AND attnum = ANY (confkey)
              JOIN pg_class AS other ON other.oid IN (conrelid, confrelid)
                                    AND other.oid <> attrelid
             WHERE attrelid = ?
               AND attname = ?
               AND contype = 'f'
               AND pg_has_role(other.relowner, 'USAGE')
             ORDER BY 1""",
            String.class,
            column.table(),
            Names.column(column.name())));
    return tables;
  }

  /** Indexes and other constraints go with the column. */
  private List<String> referencesToNew(JdbcTemplate jdbc) {
    return jdbc.queryForList(
        """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', CAST(conrelid AS regclass), conname)
          FROM pg_constraint
          JOIN pg_attribute ON attrelid = confrelid AND attnum = ANY (confkey)
         WHERE contype = 'f'
           AND confrelid = ?
           AND attname = ?""",
        String.class, column.table(), Names.column(column.name()));
  }

  private String trigger() {
    return Column.quoted(Names.trigger(column.name()));
  }

  private String function() {
    return column.qualified(Names.function(column.tableName(), column.name()));
  }
}
