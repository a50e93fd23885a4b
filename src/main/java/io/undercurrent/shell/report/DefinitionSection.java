package io.undercurrent.shell.report;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.DefinitionChange;
import io.undercurrent.kind.DefinitionPart.Form;
import io.undercurrent.kind.KeptDefinition;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.view.DefinitionDescription;
import io.undercurrent.sql.Sql;
import io.undercurrent.status.Definitions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the update does: as its job file says, or as it was when the run began. */
final class DefinitionSection {

  private final Reported reported;

  DefinitionSection(Reported reported) {
    this.reported = reported;
  }

  void add(Html html) {
    html.heading("Definition");
    var defined = reported.detail().defined();
    var kept = reported.kept() == null ? null : KeptDefinition.parse(reported.kept());
    if (defined == null) {
      html.paragraph(
          "No job file defines the update any more"
              + (kept == null
                  ? ", and what it did was not kept."
                  : ". When the run began it did:"));
      addKept(html, kept);
      return;
    }
    var changes =
        kept == null ? List.<DefinitionChange>of() : kept.changesTo(Definitions.kept(defined));
    if (changes.isEmpty()) {
      if (kept == null && reported.run().startedAt() != null) {
        html.paragraph("What the run began with was not kept. The job file says now:");
      }
      addDefined(html, defined);
    } else {
      html.paragraph(
          "The job file says something else now: %s. When the run began it did:"
              .formatted(DefinitionChange.words(changes)));
      addKept(html, kept);
    }
  }

  private void addDefined(Html html, DefinedUpdate defined) {
    var list = new DescriptionList();
    DefinitionDescription.add(list, reported.detail(), defined, Sql::text);
    var facts = new LinkedHashMap<String, String>();
    list.forEach(facts::put);
    html.facts(facts);
    var text =
        reported.jobText() == null
            ? Optional.<String>empty()
            : JobText.without(defined.job().values(), reported.jobText());
    html.paragraph(
        text.isPresent()
            ? "%s as it is now:".formatted(defined.job().source())
            : "The text of %s is left out: it has values that may be secret."
                .formatted(defined.job().source()));
    text.ifPresent(html::lines);
  }

  private static void addKept(Html html, @Nullable KeptDefinition kept) {
    if (kept == null) {
      return;
    }
    var facts = new LinkedHashMap<String, String>();
    kept.parts()
        .forEach(
            (name, part) ->
                facts.put(
                    name, part.form() == Form.HASH ? "a value, which is not kept" : part.text()));
    html.facts(facts);
  }
}
