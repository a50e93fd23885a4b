package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountsTests {

  @Test
  void saysWhatIsTheSameOnce() {
    assertThat(new Counts(100, 100, 100, changed("0")).words())
        .isEqualTo("100 items, 0 rows changed");
    assertThat(new Counts(100, 100, 3, changed("3")).words())
        .isEqualTo("3 matching of 100 keys walked, 3 rows changed");
    assertThat(new Counts(107, 2, 2, ChangedRows.UNKNOWN).words()).isEqualTo("107 items");
  }

  @Test
  void addsUpWhatEachStatementChangesAsFarAsItTells() {
    assertThat(changed("1,?,3").plus(changed("2,2,2")).text()).isEqualTo("3,?,5");
    assertThat(changed("").plus(changed("2")).plus(changed("")).total()).isEqualTo(2);
    assertThat(changed("1,2").total()).isEqualTo(3);
    assertThat(changed("1,?").total()).isNull();
  }

  @Test
  void keepsOnlyTheTotalWhereTheStatementsAreOthersThanBefore() {
    assertThat(changed("1,2").plus(changed("4"))).isEqualTo(changed("7"));
    assertThat(changed("1,?").plus(changed("4"))).isEqualTo(ChangedRows.UNKNOWN);
  }

  @Test
  void knowsNothingOfWhatNobodyHasNoted() {
    assertThat(ChangedRows.parse(null)).isEqualTo(ChangedRows.UNKNOWN);
    assertThat(ChangedRows.parse("many")).isEqualTo(ChangedRows.UNKNOWN);
  }

  private static ChangedRows changed(String text) {
    return ChangedRows.parse(text);
  }
}
