package io.undercurrent.shell.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTests {

  private final RecordedScreen recorded = new RecordedScreen();

  @Test
  void alignsTextLeftAndNumbersRight() {
    new Table(Table.name("UPDATE"), Table.number("ITEMS"), Table.text("STATE"))
        .row("fill_titles", "12,000", "running")
        .row("x", "7", "")
        .print(recorded.screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            UPDATE        ITEMS  STATE
            fill_titles  12,000  running
            x                 7
            """);
  }

  @Test
  void saysWhetherItFits() {
    var table = new Table(Table.name("UPDATE"), Table.number("ITEMS")).row("fill_titles", "12,000");

    assertThat(table.fits(recorded.wide(19).screen())).isTrue();
    assertThat(table.fits(recorded.wide(18).screen())).isFalse();
  }

  @Test
  void neverCutsATime() {
    new Table(Table.time("STARTED (CET)"), Table.name("UPDATE"), Table.number("ITEMS"))
        .row("2026-11-29 10:15", "populate_stats", "12,000")
        .print(recorded.wide(34).screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            STARTED (CET)     UPDATE     ITEMS
            2026-11-29 10:15  popu…ats  12,000
            """);
  }

  @Test
  void cutsTheWidestTextToFitTheScreen() {
    new Table(Table.name("UPDATE"), Table.number("ITEMS"), Table.text("STATE"))
        .row("populate_stats_process_rooms", "12,000", "running")
        .print(recorded.wide(34).screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            UPDATE              ITEMS  STATE
            populate…ss_rooms  12,000  running
            """);
  }

  @Test
  void wrapsSentencesBesideTheirRow() {
    new Table(Table.name("JOB"), Table.number("UPDATES"), Table.prose("DESCRIPTION"))
        .row("fill_titles", "12", "Fill the titles of all rooms.")
        .row("x", "1", "")
        .print(recorded.wide(36).screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            JOB          UPDATES  DESCRIPTION
            fill_titles       12  Fill the
                                  titles of all
                                  rooms.
            x                  1
            """);
  }

  @Test
  void countsColumnsRatherThanCharacters() {
    new Table(Table.text("ROOM"), Table.number("MEMBERS"))
        .row("晴天", "3")
        .row("hall", "12")
        .print(recorded.screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            ROOM  MEMBERS
            晴天        3
            hall       12
            """);
  }

  @Test
  void cutsNamesOfWideCharactersToTheWidthOfTheirColumn() {
    new Table(Table.name("UPDATE"), Table.number("RUN"))
        .row("部屋の統計を作り直す", "12")
        .print(recorded.wide(17).screen());

    assertThat(recorded.out())
        .isEqualToNormalizingNewlines(
            """
            UPDATE        RUN
            部屋の…直す    12
            """);
  }

  @Test
  void keepsControlCharactersFromTheTerminal() {
    new Table(Table.text("ROOM")).row("red \u001b[31m\nalert").print(recorded.screen());

    assertThat(recorded.out()).contains("red  [31m alert").doesNotContain("\u001b");
  }

  @Test
  void refusesARowOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Table(Table.text("ROOM")).row("a", "b"))
        .withMessage("expected 1 cells, got 2");
  }
}
