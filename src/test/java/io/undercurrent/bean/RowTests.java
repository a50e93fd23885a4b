package io.undercurrent.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTests {

  private final Row row = new Row(List.of("id", "name"), Arrays.asList("1", null));

  @Test
  void givesAndChangesColumnsByName() {
    var changed = row.with("name", "one").with("id", null);

    assertThat(row).hasToString("[id, name] = [1, null]");
    assertThat(changed.get("name")).isEqualTo("one");
    assertThat(changed.get("id")).isNull();
  }

  @Test
  void refusesColumnsThatItDoesNotHave() {
    assertThatThrownBy(() -> row.get("nme"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No column 'nme' in this row, only [id, name]");
    assertThatThrownBy(() -> row.with("nme", "")).hasMessageStartingWith("No column 'nme'");
  }
}
