package io.undercurrent.change;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, as the catalogue has it.
 *
 * @param name its name
 * @param type its type, as SQL casts to it, of any length
 * @param compared the type that tells its values apart as they are stored; that of a value is cast
 *     to it without losing what an assignment would refuse
 * @param same what follows a value so that only those are equal that are the same as they are
 *     stored; null for types of which others may be
 * @param described its type with its length, for messages
 * @param bounded whether its type has a length
 * @param generated whether it is made of other columns
 * @param always whether it is an identity column that takes no other values
 * @param required whether an INSERT has to give it a value
 * @param keyPosition where it stands in the primary key, from 1, or 0
 * @param equality the operator that its index compares by, as SQL names it
 */
record TableColumn(
    String name,
    String type,
    String compared,
    @Nullable String same,
    String described,
    boolean bounded,
    boolean generated,
    boolean always,
    boolean required,
    int keyPosition,
    String equality) {

  static TableColumn of(ResultSet row) throws SQLException {
    @Nullable String equality = row.getString("equality");
    return new TableColumn(
        row.getString("attname"),
        row.getString("type"),
        row.getString("compared"),
        row.getString("same"),
        row.getString("described"),
        row.getBoolean("bounded"),
        row.getBoolean("generated"),
        row.getBoolean("always"),
        row.getBoolean("required"),
        row.getInt("key_position"),
        equality == null ? "=" : equality);
  }

  /** Whether its values fit into another column as they are. */
  boolean fits(TableColumn other) {
    return type.equals(other.type) && (!other.bounded || described.equals(other.described));
  }
}
