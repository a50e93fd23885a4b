package io.undercurrent.peers;

import io.undercurrent.peers.Workload.Assignment;
import io.undercurrent.peers.Workload.KeyColumn;
import java.util.List;

/** The workloads that the contenders are compared by: rows of about 150 bytes. */
final class Workloads {

  private static final List<KeyColumn> ID = List.of(new KeyColumn("id", "bigint", "0"));

  private static final String PEOPLE =
      """
      CREATE TABLE work (
        id bigint PRIMARY KEY,
        mail text NOT NULL,
        state int NOT NULL,
        domain text,
        about text NOT NULL
      )""";

  private static final String FILL_PEOPLE =
      """
      INSERT INTO work
      SELECT i, 'user' || i || '@' || md5(CAST(i %% 1000 AS text)) || '.test', %s, NULL, repeat(md5(CAST(i AS text)), 2)
        FROM generate_series(1, ?) AS i""";

  private static final Assignment DOMAIN = new Assignment("domain", "split_part(mail, '@', 2)");

  private static final String WITHOUT_DOMAIN = "SELECT count(*) FROM work WHERE domain IS NULL";

  private static final String OF_STATE = "SELECT count(*) FROM work WHERE state = 7";

  private static final String UNSETTLED =
      "SELECT count(*) FROM work WHERE state = 7 AND domain IS NULL";

  private Workloads() {}

  /** A column of all rows, by a bigint. */
  static Workload backfill() {
    return people("backfill", "i % 10", DOMAIN, null, WITHOUT_DOMAIN);
  }

  /** The same, as one writes it who wants to repeat it. */
  static Workload backfillOfNulls() {
    return people("backfill where NULL", "i % 10", DOMAIN, "domain IS NULL", WITHOUT_DOMAIN);
  }

  /** A column of all rows, by text and uuid, in an order that is not the rows' own. */
  static Workload compositeKey() {
    return new Workload(
        "composite key",
        """
        CREATE TABLE work (
          room text NOT NULL,
          member uuid NOT NULL,
          mail text NOT NULL,
          domain text,
          about text NOT NULL,
          PRIMARY KEY (room, member)
        )""",
        """
        INSERT INTO work
        SELECT '!' || md5(CAST(i % 10000 AS text)) || ':sample.test',
               CAST(md5('member' || i) AS uuid),
               'user' || i || '@' || md5(CAST(i % 1000 AS text)) || '.test',
               NULL,
               md5(CAST(i AS text))
          FROM generate_series(1, ?) AS i""",
        List.of(
            new KeyColumn("room", "text", "''"),
            new KeyColumn("member", "uuid", "'00000000-0000-0000-0000-000000000000'")),
        DOMAIN,
        null,
        WITHOUT_DOMAIN);
  }

  /** Three rows of ten go, all over the table. */
  static Workload deletion() {
    return people(
        "delete where",
        "CASE WHEN hashint8(i) % 10 IN (1, 2, 3) THEN 7 ELSE 0 END",
        null,
        "state = 7",
        OF_STATE);
  }

  /** A row of a hundred matches, all over the table. */
  static Workload sparse() {
    return people("sparse where", "i % 100", DOMAIN, "state = 7", UNSETTLED);
  }

  /** A row of a hundred matches, all of them next to each other. */
  static Workload clustered() {
    return people(
        "clustered where",
        "CASE WHEN i BETWEEN 600000 AND 609999 THEN 7 ELSE 0 END",
        DOMAIN,
        "state = 7",
        UNSETTLED);
  }

  private static Workload people(
      String name, String state, Assignment set, String where, String done) {
    return new Workload(name, PEOPLE, FILL_PEOPLE.formatted(state), ID, set, where, done);
  }
}
