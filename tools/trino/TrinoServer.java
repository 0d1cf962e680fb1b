import io.trino.plugin.memory.MemoryPlugin;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.TestingSession;
import java.util.Map;

/** A coordinator and a worker of Trino with tables in memory, in one process, until its input ends. */
public final class TrinoServer {
  public static void main(String[] args) throws Exception {
    var session = TestingSession.testSessionBuilder().setCatalog("memory").setSchema("default").build();
    try (var runner = DistributedQueryRunner.builder(session).setNodeCount(2).build()) {
      runner.installPlugin(new MemoryPlugin());
      runner.createCatalog("memory", "memory", Map.of("memory.max-data-per-node", "512MB"));
      System.out.println("Trino runs at " + runner.getCoordinator().getBaseUrl());
      while (System.in.read() >= 0) {}
    }
    System.exit(0);
  }
}
