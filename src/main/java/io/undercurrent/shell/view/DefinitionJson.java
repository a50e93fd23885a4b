package io.undercurrent.shell.view;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.sql.Sql;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import io.undercurrent.window.TimeWindow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stable form of what a job file says about an update, the defaults filled in. */
final class DefinitionJson {

  /** Fields of some kinds that are there whatever the kind. */
  private static final List<String> OF_SOME_KINDS =
      List.of("table", "index", "key", "where", "read_sql", "process_bean", "write_bean");

  private DefinitionJson() {}

  /** The fields in their order; a timeout of 0 is none. */
  static Map<String, @Nullable Object> of(DefinedUpdate defined, @Nullable TimeoutsView timeouts) {
    var definition = defined.definition();
    var work = definition.work().describe(Sql::text);
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("job", defined.job().name());
    fields.put("source", defined.job().source());
    fields.put("line", definition.line());
    fields.put("kind", work.kind());
    OF_SOME_KINDS.forEach(name -> fields.put(name, null));
    fields.put("statements", List.of());
    fields.put("depends_on", definition.dependsOn());
    fields.put("ordering", definition.ordering());
    fields.put("lock_timeout_ms", timeouts == null ? null : timeouts.lock().toMillis());
    fields.put("statement_timeout_ms", timeouts == null ? null : timeouts.statement().toMillis());
    fields.put("changed_per_item", null);
    var batch = definition.batch();
    fields.put("batch_first", batch.first());
    fields.put("batch_min", batch.min());
    fields.put("batch_max", batch.max());
    fields.put("batch_target_ms", batch.target() == null ? null : batch.target().toMillis());
    var limit = definition.quarantine();
    fields.put("quarantine_rows", limit == null ? null : limit.rows());
    fields.put("quarantine_share", limit == null ? null : limit.share());
    var every = definition.options().every();
    fields.put("every_ms", every == null ? null : every.toMillis());
    fields.put("lanes", definition.lanes());
    fields.put(
        "windows",
        definition.options().windows().windows().stream().map(TimeWindow::text).toList());
    // They take their places among those above, or come last.
    fields.putAll(work.fields());
    return fields;
  }
}
