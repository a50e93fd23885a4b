package io.undercurrent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Undercurrent: the console without arguments, one verb with them. */
@SpringBootApplication
public class UndercurrentApplication {

  public static void main(String[] args) {
    SpringApplication.run(UndercurrentApplication.class, args);
  }
}
