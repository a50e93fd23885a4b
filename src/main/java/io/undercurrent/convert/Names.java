package io.undercurrent.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.zip.CRC32;

/** What a conversion calls the things that it makes, in the catalogue's spelling. */
final class Names {

  private static final int LONGEST_IDENTIFIER = 63;

  private Names() {}

  static String column(String column) {
    return fit("undercurrent_new_" + column);
  }

  /** The column that has been replaced, for the moment until it is dropped. */
  static String replaced(String column) {
    return fit("undercurrent_old_" + column);
  }

  /** Triggers fire in the order of their names, and this one is to see what others have made. */
  static String trigger(String column) {
    return fit("~undercurrent_convert_" + column);
  }

  /** A function of the table's schema. */
  static String function(String table, String column) {
    return hashed("undercurrent_convert_" + table + "_" + column, table + "." + column);
  }

  /** The constraint that both columns have the same value. */
  static String equality(String column) {
    return fit("undercurrent_equal_" + column);
  }

  /** The constraint that there is a value. */
  static String presence(String column) {
    return fit("undercurrent_present_" + column);
  }

  /** What takes the place of an index or a constraint. */
  static String counterpart(String name) {
    return fit("undercurrent_new_" + name);
  }

  private static String fit(String name) {
    return name.getBytes(UTF_8).length <= LONGEST_IDENTIFIER ? name : hashed(name, name);
  }

  private static String hashed(String name, String full) {
    var crc = new CRC32();
    crc.update(full.getBytes(UTF_8));
    var hash = String.format(Locale.ROOT, "_%08x", crc.getValue());
    var cut = name;
    while (cut.getBytes(UTF_8).length > LONGEST_IDENTIFIER - hash.length()) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return cut + hash;
  }
}
