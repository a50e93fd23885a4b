package io.undercurrent.shell.report;

import io.undercurrent.command.KnobView;
import io.undercurrent.history.Action;
import io.undercurrent.history.Execution;
import io.undercurrent.history.Run;
import io.undercurrent.history.Sample;
import io.undercurrent.queue.Pause;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.status.UpdateDetail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run, and all that is known of it.
 *
 * @param database the database's name
 * @param server where that is, and what it runs on
 * @param detail what is so now; of a past run only the definition counts
 * @param jobText the text of the job file as it is now, or null if there is none
 * @param kept what the update did when the run began, as JSON, or null
 * @param knobs what is set at this moment; nothing if it has ended
 * @param pauses what holds it at this moment, likewise
 */
record Reported(
    String database,
    String server,
    Run run,
    UpdateDetail detail,
    @Nullable String jobText,
    @Nullable String kept,
    List<Execution> executions,
    List<Action> actions,
    List<Sample> samples,
    List<KnobView> knobs,
    List<Pause> pauses) {

  static Reported read(Backend backend, String database, Run run) {
    var updates = backend.updates();
    var records = backend.records(database, run);
    var settings = backend.databases().get(database).settings();
    var open = run.endedAt() == null;
    return new Reported(
        database,
        settings.urlWithoutSecrets() + ", " + records.server(),
        run,
        updates.show(database, run.update()),
        updates.jobText(run.job()).orElse(null),
        records.definition().orElse(null),
        records.executions(),
        records.actions(),
        backend.samples(database).of(run.update(), run.number(), null),
        open ? updates.knobs(database, run.update()) : List.of(),
        open ? updates.pauses(database) : List.of());
  }
}
