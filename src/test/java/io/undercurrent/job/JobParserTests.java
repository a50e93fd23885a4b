package io.undercurrent.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.ShippedKinds;
import io.undercurrent.controller.BatchSettings;
import io.undercurrent.database.Changelog;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.index.CreateIndex;
import io.undercurrent.index.IndexPart;
import io.undercurrent.index.QualifiedName;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.kind.UpdateOptions;
import io.undercurrent.kind.Work;
import io.undercurrent.page.Read;
import io.undercurrent.page.Walk;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Process;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobParserTests {

  @Test
  void readsATableToWrite() {
    var job =
        parse(
            """
            # The domain is what stands behind the first colon.
            description: Fill members.domain from members.user_id.
            updates:
              - name: backfill_member_domains
                read: {table: members, key: [room_id, user_id], where: domain IS NULL}
                write: |
                  UPDATE members SET domain = split_part(members.user_id, ':', 2)
                    FROM chunk
                   WHERE members.room_id = chunk.room_id AND members.user_id = chunk.user_id
            """);

    assertThat(job)
        .isEqualTo(
            new JobFile(
                "reindex",
                "Fill members.domain from members.user_id.",
                "jobs/reindex.yaml",
                List.of(
                    update(
                        "backfill_member_domains",
                        null,
                        new ReadWrite(
                            new Read.Table(
                                "members",
                                List.of("room_id", "user_id"),
                                new Sql("domain IS NULL", 5)),
                            null,
                            new Write.Statements(
                                List.of(
                                    new Sql(
                                        """
                                        UPDATE members SET domain = split_part(members.user_id, ':', 2)
                                          FROM chunk
                                         WHERE members.room_id = chunk.room_id AND members.user_id = chunk.user_id""",
                                        7)))),
                        4)),
                Map.of(),
                Changelog.ENGINE));
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "0..1,0,1", "1..3,1,3", "0..,0,"})
  void readsWhatAWriteIsToChange(String range, int least, @Nullable Integer most) {
    var job =
        parse(
            """
            updates:
              - name: fill
                read: {table: rooms, key: id}
                write: DELETE FROM rooms USING chunk WHERE rooms.id = chunk.id
                expect: {changed-per-item: %s}
            """
                .formatted(range));

    assertThat(((ReadWrite) job.updates().get(0).work()).expect())
        .isEqualTo(new ChangedPerItem(least, most));
  }

  @Test
  void readsWhereAWalkBeginsAndEnds() {
    var job =
        parse(
            """
            updates:
              - name: fill
                read: {table: rooms, key: [a, b], from: ["'x'", 7], to: end-at-start, order: desc}
                write: DELETE FROM rooms USING chunk WHERE rooms.a = chunk.a
              - name: drain
                read: {sql: SELECT id FROM old, key: id, from: 1000000, to: "(SELECT max(id) FROM new)", order: asc}
                write: DELETE FROM old USING chunk WHERE old.id = chunk.id
            """);

    assertThat(job.updates())
        .extracting(update -> ((ReadWrite) update.work()).read())
        .containsExactly(
            new Read.Table(
                "rooms",
                List.of("a", "b"),
                null,
                new Walk(List.of(new Sql("'x'", 3), new Sql("7", 3)), List.of(), true)),
            new Read.Query(
                new Sql("SELECT id FROM old", 6),
                List.of("id"),
                new Walk(
                    List.of(new Sql("1000000", 6)),
                    List.of(new Sql("(SELECT max(id) FROM new)", 6)),
                    false)));
  }

  @Test
  void readsWhatAJobNeeds() {
    var job =
        parse(
            """
            needs: homeserver
            updates:
              - name: fill
                run: SELECT undercurrent.user_domain('@a:b')
            """);

    assertThat(job.needs()).isEqualTo(Changelog.HOMESERVER);
  }

  @Test
  void readsIndexes() {
    var job =
        parse(
            """
            updates:
              - name: members_domain
                create-index: {table: app.members, name: members_domain, columns: [domain]}
              - name: members_host
                create-index:
                  table: members
                  name: members_host
                  expression: lower(domain)
                  where: domain IS NOT NULL
                  unique: true
                  using: btree
                  include: [room_id]
                  replaces: members_domain
            """);

    assertThat(job.updates())
        .extracting(UpdateDefinition::work)
        .containsExactly(
            new CreateIndex(
                "app.members",
                "members_domain",
                List.of(IndexPart.ofColumn("domain")),
                null,
                false,
                null,
                List.of(),
                Map.of(),
                null,
                3),
            new CreateIndex(
                "members",
                "members_host",
                List.of(IndexPart.ofExpression(new Sql("lower(domain)", 8))),
                new Sql("domain IS NOT NULL", 9),
                true,
                "btree",
                List.of("room_id"),
                Map.of(),
                "members_domain",
                6));
  }

  @Test
  void readsHowColumnsAreIndexed() {
    var job =
        parse(
            """
            updates:
              - name: events_newest
                create-index:
                  table: events
                  name: events_newest
                  columns:
                    - room_id
                    - {column: ts, order: desc, nulls: last}
                    - {column: type, collation: C, operator-class: text_pattern_ops}
                    - {expression: lower(sender), collation: '"my.schema".C', operator-class: extensions.gin_trgm_ops}
                  with: {fillfactor: 70, deduplicate_items: off}
            """);

    var index = (CreateIndex) job.updates().get(0).work();
    assertThat(index.parts())
        .isEqualTo(
            List.of(
                IndexPart.ofColumn("room_id"),
                new IndexPart("ts", null, null, null, "desc", "last"),
                new IndexPart(
                    "type",
                    null,
                    new QualifiedName(null, "C"),
                    new QualifiedName(null, "text_pattern_ops"),
                    null,
                    null),
                new IndexPart(
                    null,
                    new Sql("lower(sender)", 10),
                    new QualifiedName("my.schema", "C"),
                    new QualifiedName("extensions", "gin_trgm_ops"),
                    null,
                    null)));
    assertThat(index.with()).isEqualTo(Map.of("fillfactor", "70", "deduplicate_items", "off"));
  }

  @Test
  void readsAQueryThatABeanProcessesAndAnotherWrites() {
    var job =
        parse(
            """
            updates:
              - name: fill_titles
                read:
                  key: id
                  sql: SELECT id, body FROM pages
                process: titles
                write: {bean: pages}
            """);

    assertThat(job.description()).isNull();
    assertThat(job.updates())
        .containsExactly(
            update(
                "fill_titles",
                null,
                new ReadWrite(
                    new Read.Query(new Sql("SELECT id, body FROM pages", 5), List.of("id")),
                    "titles",
                    new Write.Bean("pages")),
                2));
  }

  @Test
  void readsABeanThatWorksOutsideTheTransaction() {
    var job =
        parse(
            """
            updates:
              - name: ship
                read: {table: orders, key: id}
                process: {bean: ship, outside-transaction: true, timeout: 30s}
                write: UPDATE orders SET shipped = true FROM chunk WHERE orders.id = chunk.id
              - name: bill
                read: {table: orders, key: id}
                process: {bean: bill}
                write: UPDATE orders SET billed = true FROM chunk WHERE orders.id = chunk.id
              - name: thank
                read: {table: orders, key: id}
                process: {bean: thank, outside-transaction: true}
                write: {bean: mail}
            """);

    assertThat(job.updates())
        .extracting(update -> ((ReadWrite) update.work()).process())
        .containsExactly(
            new Process("ship", true, Duration.ofSeconds(30)),
            Process.inTransaction("bill"),
            new Process("thank", true, Duration.ofSeconds(5)));
    assertThat(job.updates())
        .extracting(update -> update.work().describe(Sql::text).facts().get("process"))
        .containsExactly(
            "bean ship, outside the transaction, at most 30 s for a row",
            "bean bill",
            "bean thank, outside the transaction, at most 5 s for a row");
    assertThat(job.updates().get(0).work().describe(Sql::text).fields())
        .containsEntry("process_bean", "ship")
        .containsEntry("process_outside_transaction", true)
        .containsEntry("process_timeout_ms", 30_000L);
  }

  @Test
  void readsAOneShot() {
    var job =
        parse(
            """
            updates:
              - name: make_staging
                run:
                  - CREATE TABLE staging (id bigint PRIMARY KEY)
                  - >
                    INSERT INTO staging
                    SELECT id FROM pages
              - name: drop_staging
                run: DROP TABLE staging
            """);

    assertThat(job.updates())
        .extracting(UpdateDefinition::work)
        .containsExactly(
            new RunStatements(
                List.of(
                    new Sql("CREATE TABLE staging (id bigint PRIMARY KEY)", 4),
                    new Sql("INSERT INTO staging SELECT id FROM pages", 6))),
            new RunStatements(List.of(new Sql("DROP TABLE staging", 9))));
  }

  @Test
  void makesEachUpdateDependOnTheOneBeforeUnlessItSaysOtherwise() {
    var job =
        parse(
            """
            updates:
              - {name: first, run: SELECT 1}
              - {name: second, run: SELECT 1}
              - {name: third, run: SELECT 1, depends-on: first}
              - {name: fourth, run: SELECT 1, depends-on: elsewhere}
              - {name: fifth, run: SELECT 1, depends-on: []}
            """);

    assertThat(job.updates())
        .extracting(UpdateDefinition::dependsOn)
        .containsExactly(null, "first", "first", "elsewhere", null);
  }

  @Test
  void readsWhatSetsAnUpdateApart() {
    var job =
        parse(
            """
            updates:
              - name: fill_titles
                run: SELECT 1
                ordering: -5
                lock-timeout: 500ms
                statement-timeout: 2m
                row-security: filter
            """);

    assertThat(job.updates())
        .containsExactly(
            new UpdateDefinition(
                "fill_titles",
                null,
                UpdateOptions.NONE
                    .ordered(-5)
                    .with(Duration.ofMillis(500), Duration.ofMinutes(2))
                    .filteringRows(),
                new RunStatements(List.of(new Sql("SELECT 1", 3))),
                2));
  }

  @Test
  void readsHowLargeChunksMayBe() {
    var job =
        parse(
            """
            updates:
              - name: fill_titles
                read: {table: pages, key: id}
                write: SELECT 1
                batch: {first: 10, min: 1, max: 500, target: 50ms}
            """);

    assertThat(job.updates())
        .extracting(UpdateDefinition::batch)
        .containsExactly(new BatchSettings(10, 1, 500, Duration.ofMillis(50)));
  }

  @ParameterizedTest
  @CsvSource({
    "'rows: 100, share: 1 %', 100, 1, 100 rows or 1 %",
    "rows: 1, 1, , 1 row",
    "share: 0.5%, , 0.5, 0.5 %",
    "share: 100 %, , 100, 100 %"
  })
  void readsHowManyRowsMayBePutAside(
      String text, @Nullable Integer rows, @Nullable BigDecimal share, String words) {
    var job =
        parse(
            """
            updates:
              - name: fill_titles
                read: {table: pages, key: id}
                write: SELECT 1
                on-error: {quarantine: {%s}}
            """
                .formatted(text));

    assertThat(job.updates())
        .extracting(UpdateDefinition::quarantine)
        .containsExactly(new QuarantineLimit(rows, share))
        .extracting(QuarantineLimit::words)
        .containsExactly(words);
  }

  @Test
  void takesANameOfAHundredCharacters() {
    var name = "\uD83D\uDE80" + "x".repeat(99);

    var job = parse("updates: [{name: '%s', run: SELECT 1}]".formatted(name));

    assertThat(job.updates()).extracting(UpdateDefinition::name).containsExactly(name);
  }

  @Test
  void takesTextsAsTheyAreWritten() {
    var job =
        parse(
            """
            description: 2026-11-21
            updates: [{name: 007, run: SELECT 1}]
            values: {version: 1.10, enabled: yes, empty: ''}
            """);

    assertThat(job.description()).isEqualTo("2026-11-21");
    assertThat(job.updates()).extracting(UpdateDefinition::name).containsExactly("007");
    assertThat(job.values()).isEqualTo(Map.of("version", "1.10", "enabled", "yes", "empty", ""));
  }

  @Test
  void resolvesPlaceholders() {
    var job =
        parse(
            """
            updates: [{name: fill_titles, run: SELECT 1}]
            values:
              server_name: ${undercurrent.homeserver.server-name}
              admin: "@admin:${undercurrent.homeserver.server-name}"
              language: ${acme.language:en}
              blank: ${acme.blank:en}
              prefix: ${acme.prefix:}
              price: $5 {net}
              senders: ${undercurrent.homeserver.appservices[*].sender}
              users: ["@a:b", "${acme.user:@c:d}", "${undercurrent.homeserver.appservices[*].sender}"]
              nobody: ${acme.nobody[*]}
              none: []
            """,
            Map.of(
                "undercurrent.homeserver.server-name",
                "ex$1ample.org",
                "acme.blank",
                " ",
                "undercurrent.homeserver.appservices[*].sender",
                List.of("@x:y", "@z:y")));

    assertThat(job.values())
        .containsExactly(
            Map.entry("server_name", "ex$1ample.org"),
            Map.entry("admin", "@admin:ex$1ample.org"),
            Map.entry("language", "en"),
            Map.entry("blank", "en"),
            Map.entry("prefix", ""),
            Map.entry("price", "$5 {net}"),
            Map.entry("senders", List.of("@x:y", "@z:y")),
            Map.entry("users", List.of("@a:b", "@c:d", "@x:y", "@z:y")),
            Map.entry("nobody", List.of()),
            Map.entry("none", List.of()));
  }

  private static UpdateDefinition update(String name, String dependsOn, Work work, int line) {
    return new UpdateDefinition(name, dependsOn, 0, null, null, work, line);
  }

  private static JobFile parse(String text) {
    return parse(text, Map.of());
  }

  private static JobFile parse(String text, Map<String, Object> properties) {
    var file =
        JobParser.parse(
            ShippedKinds.all(),
            SourceFile.of("reindex", "jobs/reindex.yaml", text),
            properties::get);
    assertThat(file.problems()).isEmpty();
    return file.job().orElseThrow();
  }
}
