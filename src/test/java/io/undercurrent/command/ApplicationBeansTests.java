package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.bean.Row;
import io.undercurrent.controller.ModuleBeans;
import io.undercurrent.controller.ModuleBeans.ModuleBean;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class ApplicationBeansTests {

  private final ItemProcessor<Row, Row> ship = row -> row;
  private final StaticListableBeanFactory spring = new StaticListableBeanFactory();
  private final ApplicationBeans beans =
      new ApplicationBeans(
          spring, new ModuleBeans(Map.of("ship", new ModuleBean("com.acme.Shipping", ship))));

  @Test
  void findsTheBeansOfModulesAndOfTheApplication() {
    ItemWriter<Row> list = chunk -> {};
    spring.addBean("list", list);

    assertThat(beans.get("ship", ItemProcessor.class)).isSameAs(ship);
    assertThat(beans.get("list", ItemWriter.class)).isSameAs(list);
  }

  @Test
  void refusesTwoOfTheSameName() {
    spring.addBean("ship", new ShippingWriter());

    assertThatThrownBy(() -> beans.get("ship", ItemProcessor.class))
        .hasMessage(
            "expected one bean 'ship', found two: one of module com.acme.Shipping, and the application's own %s. Give one of them another name",
            ShippingWriter.class.getName());
  }

  @Test
  void leavesNamesToModulesThatBelongToSomethingElse() {
    spring.addBean("ship", "a text");

    assertThat(beans.get("ship", ItemProcessor.class)).isSameAs(ship);
  }

  @Test
  void saysWhichBeanIsMissing() {
    spring.addBean("list", "a text");

    assertThatThrownBy(() -> beans.get("list", ItemWriter.class))
        .hasMessage("expected a bean 'list' of type ItemWriter, found none");
    assertThatThrownBy(() -> beans.get("shipp", ItemProcessor.class))
        .hasMessage(
            "expected a bean 'shipp' of type ItemProcessor, found none, did you mean 'ship'?");
    assertThatThrownBy(() -> beans.get("ship", ItemWriter.class))
        .hasMessage(
            "expected a bean 'ship' of type ItemWriter, found another one, of module com.acme.Shipping");
  }

  /** A bean of the application's. */
  private static final class ShippingWriter implements ItemWriter<Row> {
    @Override
    public void write(Chunk<? extends Row> chunk) {}
  }
}
