package io.undercurrent.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.bean.Row;
import io.undercurrent.iteration.Beans;
import java.util.Base64;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** The bean of the change that encrypts; a reversed text is as good as a secret one to see that. */
final class Encryption implements Beans {

  @Override
  public <T> T get(String name, Class<T> type) {
    ItemProcessor<Row, Row> encrypt = Encryption::encrypted;
    return name.equals("encryptToken") ? type.cast(encrypt) : Beans.NONE.get(name, type);
  }

  private static Row encrypted(Row row) {
    var secret = new StringBuilder(String.valueOf(row.get("token"))).reverse().toString();
    return row.with("encrypted", Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
  }
}
