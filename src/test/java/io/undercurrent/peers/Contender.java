package io.undercurrent.peers;

/** A way to do the work. */
interface Contender {

  String name();

  /** Does it, and says how many seconds it took. */
  double seconds(Workload workload) throws Exception;

  /** How long something takes, in seconds. */
  static double timed(Work work) throws Exception {
    var start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** What takes its time. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** A contender of a name. */
  static Contender of(String name, Doing doing) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public double seconds(Workload workload) throws Exception {
        return doing.seconds(workload);
      }
    };
  }

  /** The work of a contender. */
  @FunctionalInterface
  interface Doing {
    double seconds(Workload workload) throws Exception;
  }
}
