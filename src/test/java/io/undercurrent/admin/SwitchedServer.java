package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A way to a server that swallows everything until it is switched on: neither answer nor error. */
final class SwitchedServer implements AutoCloseable {

  private final ServerSocket listening;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private volatile boolean on;

  SwitchedServer(int target) {
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.target = target;
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Waits until somebody has connected. */
  void awaitConnection() throws InterruptedException {
    assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
  }

  /** Lets new connections through; those that were swallowed get an end. */
  void switchOn() {
    on = true;
    sockets.forEach(SwitchedServer::close);
  }

  private void accept() {
    while (true) {
      try {
        var client = listening.accept();
        sockets.add(client);
        asked.countDown();
        if (on) {
          var server = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.add(server);
          start(() -> pump(client, server));
          start(() -> pump(server, client));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "switched-server");
    thread.setDaemon(true);
    thread.start();
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The other pump has closed both.
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    sockets.forEach(SwitchedServer::close);
  }
}
