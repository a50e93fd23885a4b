package io.undercurrent.doctor;

import org.springframework.jdbc.core.RowCallbackHandler;

/** Whatever in the schema undercurrent belongs to a role whose rights the login does not have. */
final class SchemaOwners implements Check {

  @Override
  public String name() {
    return "foreign-schema";
  }

  @Override
  public boolean readsOurTables() {
    return false;
  }

  @Override
  public void look(Patient patient, Findings found) {
    patient
        .jdbc()
        .sql(
            """
            SELECT pg_get_userbyid(owner) AS owner, current_user AS role,
                   bool_or(is_schema) AS has_schema, count(*) FILTER (WHERE NOT is_schema) AS objects
              FROM (SELECT nspowner, true, oid FROM pg_namespace
                    UNION ALL
                    SELECT relowner, false, relnamespace FROM pg_class
                     WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                    UNION ALL
                    SELECT proowner, false, pronamespace FROM pg_proc) AS owned (owner, is_schema, home)
             WHERE home = to_regnamespace('undercurrent')
               AND NOT pg_has_role(owner, 'USAGE')
             GROUP BY owner""")
        .query(
            (RowCallbackHandler)
                row ->
                    found.problem(
                        row.getString("owner"),
                        "%s to the role '%s', whose rights '%s' does not have: the next version cannot change them"
                            .formatted(
                                what(row.getBoolean("has_schema"), row.getLong("objects")),
                                row.getString("owner"),
                                row.getString("role")),
                        "Have a superuser run db/grants.sql, which hands them over, with '%s' as the role"
                            .formatted(row.getString("role"))));
  }

  private static String what(boolean schema, long objects) {
    var count = objects == 1 ? "1 object" : objects + " objects";
    if (!schema) {
      return "In the schema undercurrent %s %s"
          .formatted(count, objects == 1 ? "belongs" : "belong");
    }
    return objects == 0
        ? "The schema undercurrent belongs"
        : "The schema undercurrent and %s in it belong".formatted(count);
  }
}
