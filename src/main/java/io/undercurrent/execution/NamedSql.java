package io.undercurrent.execution;

import io.undercurrent.iteration.BracketedTransaction.Call;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;

/** SQL with named parameters, which is parsed once. */
final class NamedSql {

  private final ParsedSql parsed;
  private final String text;

  NamedSql(String sql) {
    this.parsed = NamedParameterUtils.parseSqlStatement(sql);
    this.text = NamedParameterUtils.substituteNamedParameters(parsed, null);
  }

  Call with(Map<String, ? extends @Nullable Object> values) {
    var parameters = new MapSqlParameterSource(values);
    return new Call(
        text, Arrays.asList(NamedParameterUtils.buildValueArray(parsed, parameters, null)));
  }
}
