package io.undercurrent.testing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.function.BiConsumer;

/** Stands between engine and server, on a port of its own. */
public final class ServerProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final URI server;
  private final BiConsumer<Socket, Socket> connections;

  /**
   * A proxy that listens.
   *
   * @param connections is given the sockets to client and server of each connection
   */
  public ServerProxy(String jdbcUrl, BiConsumer<Socket, Socket> connections) throws IOException {
    this.server = URI.create(jdbcUrl.substring("jdbc:".length()));
    this.connections = connections;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public String url() {
    return "jdbc:"
        + server
            .toString()
            .replace(
                server.getHost() + ":" + server.getPort(), "localhost:" + listener.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        connect(client);
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      var upstream = new Socket(server.getHost(), server.getPort());
      // A proxy does not wait for more to send, as a wire does not.
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      connections.accept(client, upstream);
    } catch (ConnectException e) {
      // the server is down, but may come back
      client.close();
    }
  }

  public static void start(Runnable work) {
    var thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
