package io.undercurrent.shell.language;

import io.undercurrent.json.LaneFigure;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import java.util.stream.Stream;

/** {@code help json}: what scripts can rely on. */
final class JsonHelp {

  static final String TOPIC = "json";

  private JsonHelp() {}

  static void print(Screen screen) {
    tell(
        screen,
        "Verbs that show data print it as JSON with --json, on standard output, in ASCII. Fields"
            + " may be added; none is renamed, removed or given another meaning. Times are"
            + " in UTC, as ISO 8601 writes them; fields that end in _ms are milliseconds;"
            + " null stands for what is not known or does not apply.");
    screen.out().println();
    new DescriptionList()
        .add(
            "  status",
            "a list of databases: database, problem, enabled, runner, current, queued, reason, pauses, cause (of the reason, as in why), workers")
        .add("    runner", "this_process, owner, since, last_seen")
        .add(
            "    current",
            "update, job, run, state, items, iterations, duration_ms, items_per_ms, chunk_size, last_iteration_ms, recent_iterations_ms (the latest last), percent to percent_at_most, time_left_ms to time_left_at_most_ms, basis, index_build, walked, matching, changed (keys walked, those that were items to write, rows changed; items are what the pace counts), of_job (null but for a job of several updates: update, of, time_left_ms), lanes (those at work, or the only one: "
                + String.join(", ", LaneFigure.fields())
                + "), quarantined (rows of the run that are in quarantine), lanes_wanted, slices (of a run that was cut, a list: slice, its number; state: waiting, at-work, held, stopped, failed or done; walked, percent, items_per_ms), time_left_with_holds_ms to time_left_with_holds_at_most_ms (if it is held as often as so far)")
        .add(
            "    index_build",
            "null except while an index is built, or another statement is under way outside of transactions (index is null then, phase the statement): index, partition, partitions, pid, phase, done, phase_percent, waits_for (pid, user, application, state, since, query)")
        .add("    pauses", "a list: update (null for all), reason, author, paused_at, until")
        .add(
            "    workers",
            "a list: worker, host, pid, version, lanes, since, last_seen, alive, slices (a list of steps), unfit_for, unfit_because")
        .add("  watch", "the same, each database in a line of its own, every second")
        .add(
            "  queue",
            "a list: update, job, run, depends_on, ordering, queued_at, failures_in_row, retry_at, given_up_at, last_error, last_error_sqlstate, last_error_at, state, reasons (as in why), quarantined")
        .add(
            "  show",
            "database, update, state, definition, last_run (as in history), position and end (by key column, such as id), work, chunk, progress, last_error, reasons (as in why), lanes (as in status), expansion (what a definition in fewer words comes to: as the definition, and problem), next_at (when it is queued again by itself), lanes_wanted, slices (as in status, and after, position, end: by key column), times_ms (as in history, up to now)")
        .add(
            "    definition",
            "job, source, line, kind, table, index, key, where, read_sql, process_bean, write_bean, statements, depends_on, ordering, lock_timeout_ms, statement_timeout_ms, changed_per_item, batch_first, batch_min, batch_max, batch_target_ms, quarantine_rows, quarantine_share (in percent), every_ms, lanes, windows, process_outside_transaction, process_timeout_ms, columns, constraint, add, delete_violating")
        .add(
            "    work",
            "items, iterations, duration_ms, items_per_ms, last_iteration_ms, walked, matching, changed, quarantined; chunk: size, rule, reason; last_error: error, sqlstate, at, failures_in_row, retry_at, given_up_at")
        .add(
            "  get",
            "a list: name, value, file (what the job file says, or the built-in controller), set_by, reason, set_at")
        .add(
            "  why",
            "a list of databases: database, moves, reasons: cause, update, reason, since; of a brake: signal, subject, value (null if it cannot be read), threshold, unit (seconds, bytes or count)")
        .add(
            "  health",
            "a list of databases: database, problem, signals (signal, subject, value, unit, hold, critical, verdict: go, hold, critical, unknown, off or nothing; detail), noted (what the process that runs the updates holds them for: reasons as in why)")
        .add(
            "  history",
            "a list: update, job, run, status, queued_at, started_at, ended_at, restarts, read, filtered, written, commits, rollbacks, duration_ms, exit_code, last_error, walked, matching, changed, warning, quarantined, times_ms (what it has spent its time on, by activity, such as working, sleeping, held:SIGNAL, paused or no-runner; null if that was not counted)")
        .add(
            "    --actions",
            "a list: at, operator, came_by (console, token, homeserver or runner), address, action, subject, before, after, reason")
        .add("    purge", "database, before, dry_run, runs, executions, actions, samples")
        .add(
            "  chart",
            "database, update, run, status, samples: at (the end of its span), ms (the length of that), items, changed, iterations, iteration_ms (of all of them), target_ms, chunk_size, times_ms (by activity, such as working, sleeping or held:SIGNAL)")
        .add(
            "  quarantine",
            "a list: update, run, key (by key column, such as id), sqlstate, message, put_at")
        .add(
            "  jobs",
            "a list: job, description, source, updates, every_ms, next (a list: database, at)")
        .add("  check", "jobs, problems, notes, warnings: lists of sentences")
        .add(
            "  dry-run",
            "database, job, warnings (as in check), updates: update, kind, chunks, estimate (null where no chunk tells it), remarks")
        .add(
            "    chunks",
            "after (its key, null for the beginning), size, walked, matching, changed, duration_ms, waited_ms (for the controller), measured_keys, buffers, wal_bytes (of the chunk that follows, which has so many keys), error")
        .add(
            "    estimate",
            "walked, matching, changed, chunks, working_ms, total_ms (with the controller's waits), wal_bytes: each least, likely, most")
        .add("  databases", "a list: database, url, up, problem, queued, workers (as in status)")
        .add(
            "  doctor",
            "a list of databases: database, problem, findings (name, severity: problem or hint, subject, what, cure, fixable), not_done (name, reason); with --fix: database, problem, fixes (name, subject, done, outcome)")
        .add("  version", "version, java, postgresql_driver")
        .add("  token list", "a list: label, created_at, read_only; token create: label, token")
        .print(screen);
    screen.out().println();
    tell(
        screen,
        "The state of an update is %s. The cause of a reason is %s."
            .formatted(
                either(
                    Stream.of(UpdateState.values())
                        .filter(UpdateState::isQueued)
                        .map(UpdateState::json)),
                either(Stream.of(Kind.values()).map(Kind::json).distinct())));
  }

  private static String either(Stream<String> words) {
    var all = words.toList();
    return String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1);
  }

  private static void tell(Screen screen, String text) {
    DescriptionList.wrapped(text, screen.width()).forEach(screen.out()::println);
  }
}
