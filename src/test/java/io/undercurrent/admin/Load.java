package io.undercurrent.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Clients that keep their connections and take next to no time themselves. */
final class Load implements AutoCloseable {

  private final int port;
  private final List<byte[]> requests;
  private final int clients;
  private final ExecutorService threads;
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final List<Long> nanos = new ArrayList<>();

  /**
   * Clients that do nothing yet.
   *
   * @param requests what they send, in turn
   */
  Load(int port, List<byte[]> requests, int clients) {
    this.port = port;
    this.requests = requests;
    this.clients = clients;
    this.threads = Executors.newFixedThreadPool(clients);
  }

  /** Requests of which every other is bad. */
  static List<byte[]> mixed(String token) {
    return List.of(
        request("GET", "status", token, ""),
        request("GET", "status", "bad", ""),
        request("GET", "enabled", token, ""),
        request("POST", "enabled", token, "{"));
  }

  /** A request as bytes, without a body where that is empty. */
  private static byte[] request(String method, String path, String token, String body) {
    var length = body.isEmpty() ? "" : "Content-Length: %d\r\n".formatted(body.length());
    return "%s %s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n%s"
        .formatted(method, Routes.BASE, path, token, length, body)
        .getBytes(ISO_8859_1);
  }

  /**
   * Sends at a fixed rate, whether or not answers come; a late answer counts from the time at which
   * its request was due.
   */
  void send(int perSecond, Duration time) throws InterruptedException, ExecutionException {
    var began = System.nanoTime();
    var next = new AtomicInteger();
    var all = perSecond * time.toSeconds();
    forAll(
        client -> {
          for (var i = next.getAndIncrement(); i < all; i = next.getAndIncrement()) {
            var due = began + i * 1_000_000_000L / perSecond;
            sleepUntil(due);
            record(client.send(requests.get(i % requests.size())), System.nanoTime() - due);
          }
        });
  }

  /** Sends as fast as answers come. */
  void flood(Duration time) throws InterruptedException, ExecutionException {
    var end = System.nanoTime() + time.toNanos();
    var next = new AtomicInteger();
    forAll(
        client -> {
          while (System.nanoTime() < end) {
            var began = System.nanoTime();
            var request = requests.get(next.getAndIncrement() % requests.size());
            record(client.send(request), System.nanoTime() - began);
          }
        });
  }

  private void forAll(Work work) throws InterruptedException, ExecutionException {
    var running =
        IntStream.range(0, clients)
            .<Future<?>>mapToObj(
                number ->
                    threads.submit(
                        () -> {
                          try (var client = new Client()) {
                            work.with(client);
                          }
                          return null;
                        }))
            .toList();
    for (var each : running) {
      each.get();
    }
  }

  private static void sleepUntil(long due) throws InterruptedException {
    var left = Duration.ofNanos(due - System.nanoTime());
    if (!left.isNegative()) {
      Thread.sleep(left.toMillis(), left.toNanosPart() % 1_000_000);
    }
  }

  private synchronized void record(int status, long took) {
    statuses.merge(status, 1, Integer::sum);
    nanos.add(took);
  }

  synchronized Map<Integer, Integer> statuses() {
    return statuses;
  }

  synchronized double percentileMs(double percent) {
    var sorted = nanos.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1e6;
  }

  synchronized int count() {
    return nanos.size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  @FunctionalInterface
  private interface Work {
    void with(Client client) throws IOException, InterruptedException;
  }

  /** One connection at a time; a new one where the server has closed it between two requests. */
  private final class Client implements AutoCloseable {

    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();

    int send(byte[] request) throws IOException {
      var fresh = socket.isClosed() || !socket.isConnected();
      if (fresh) {
        open();
      }
      try {
        return exchange(request);
      } catch (IOException e) {
        if (fresh) {
          throw e;
        }
        socket.close();
        return send(request);
      }
    }

    private void open() throws IOException {
      socket = new Socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      in = new BufferedInputStream(socket.getInputStream());
    }

    private int exchange(byte[] request) throws IOException {
      socket.getOutputStream().write(request);
      var head = head(in);
      var length = head.replaceFirst("(?s).*\r\nContent-Length: (\\d+)\r\n.*", "$1");
      in.readNBytes(Integer.parseInt(length));
      if (head.contains("\r\nConnection: close\r\n")) {
        socket.close();
      }
      return Integer.parseInt(head.substring(9, 12));
    }

    private static String head(InputStream in) throws IOException {
      var head = new StringBuilder();
      while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
        var next = in.read();
        if (next < 0) {
          throw new IOException("The server closed after: " + head);
        }
        head.append((char) next);
      }
      return head.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
