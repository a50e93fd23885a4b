package io.undercurrent.doctor;

/** Updates that are switched off, as over HTTP. */
final class DisabledUpdates implements Check {

  @Override
  public String name() {
    return "disabled";
  }

  @Override
  public void look(Patient patient, Findings found) {
    if (!patient
        .jdbc()
        .sql("SELECT enabled FROM undercurrent.lease")
        .query(Boolean.class)
        .single()) {
      found.hint(null, "Updates are switched off", "Switch them on with: resume");
    }
  }
}
