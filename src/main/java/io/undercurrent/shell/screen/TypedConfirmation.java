package io.undercurrent.shell.screen;

import io.undercurrent.database.RefusedException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;

/** Asks at the console; the operator has to type the answer out. */
public final class TypedConfirmation implements Confirmation {

  private final LineReader reader;

  public TypedConfirmation(LineReader reader) {
    this.reader = reader;
  }

  @Override
  public void ask(String warning, String answer, String option) {
    reader.getTerminal().writer().println(warning);
    if (!typed("Type %s to go on: ".formatted(answer)).equals(answer)) {
      throw new RefusedException("Nothing was changed.");
    }
  }

  private String typed(String question) {
    reader.setVariable(LineReader.DISABLE_HISTORY, true);
    try {
      return reader.readLine(question).trim();
    } catch (UserInterruptException | EndOfFileException e) {
      return "";
    } finally {
      reader.setVariable(LineReader.DISABLE_HISTORY, false);
    }
  }
}
