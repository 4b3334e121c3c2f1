package io.pycached.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who runs what: each block of the README and below {@code config} and {@code systemd}, by its file
 * and how it begins. A test that has claimed blocks takes them from here and runs all of them.
 *
 * <p>Of what cannot run in a test there is no block: {@code kubectl} needs a cluster, and {@code
 * docker compose} an engine. {@link ContainerFilesTest} reads the manifests, and {@link
 * ContainersIT} does by podman what the Compose file says.
 */
final class Claims {
  private static final String DOCKER = "config/docker/README.md";
  private static final String TIMER = "systemd/pycached-maintain.timer";

  private static final List<Claim> ALL =
      List.of(
          // The tests of the distribution run behind this one; the other is what the CI runs.
          new Claim(Runner.README, "README.md", "mvn -q -DskipTests package && "),
          new Claim(Runner.BUILD, "README.md", "mvn -B clean verify"),
          new Claim(Runner.README, "README.md", "$ "),
          new Claim(Runner.NOBODY, "README.md", "prefix = "),
          new Claim(Runner.PACKAGES, "README.md", "# dpkg -i "),
          new Claim(Runner.PACKAGES, "README.md", "# systemctl enable --now pycached"),
          new Claim(Runner.CONTAINERS, "README.md", "sh config/docker/layout "),
          new Claim(Runner.NOBODY, "README.md", "pyc  layout  fs "),
          new Claim(Runner.NOBODY, "config/pycached.toml", "1. this file"),
          new Claim(Runner.PACKAGES, "config/pycached.toml", "pycached check"),
          new Claim(Runner.NOBODY, "config/prometheus/pycached.scrape.yml", "[admin]"),
          new Claim(Runner.PACKAGES, "config/prometheus/pycached.scrape.yml", "d="),
          new Claim(Runner.CONTAINERS, DOCKER, "config/docker/layout "),
          new Claim(Runner.CONTAINERS, DOCKER, "docker run "),
          new Claim(Runner.CONTAINERS, DOCKER, "docker exec "),
          new Claim(Runner.NOBODY, DOCKER, "[[project]]"),
          new Claim(Runner.CONTAINERS, DOCKER, "docker build -t web "),
          new Claim(Runner.CONTAINERS, "config/docker/layout", "config/docker/layout "),
          new Claim(Runner.NOBODY, "systemd/pycached.service", "PrivateTmp="),
          new Claim(Runner.PACKAGES, "systemd/user/pycached.service", "systemctl --user "),
          new Claim(Runner.PACKAGES, TIMER, "systemctl disable "));

  private Claims() {}

  /** What runs a block. */
  enum Runner {
    README,
    PACKAGES,
    CONTAINERS,
    /** The build, which comes before every test of what it makes. */
    BUILD,
    /** These are no commands: settings, lists and pictures. */
    NOBODY
  }

  /**
   * One line of the table.
   *
   * @param start how the block begins; one claim may stand for several blocks of a file
   */
  record Claim(Runner runner, String file, String start) {
    boolean isFor(Block block) {
      return block.file().equals(Path.of(file)) && block.lines().get(0).startsWith(start);
    }
  }

  static List<Claim> all() {
    return ALL;
  }

  /** {@return all blocks, first those of the README} */
  static List<Block> blocks() throws IOException {
    List<Path> files = new ArrayList<>(List.of(Path.of("README.md")));
    for (String directory : List.of("config", "systemd")) {
      try (Stream<Path> below = Files.walk(Path.of(directory))) {
        below.filter(Files::isRegularFile).sorted().forEach(files::add);
      }
    }
    List<Block> blocks = new ArrayList<>();
    for (Path file : files) {
      blocks.addAll(Block.of(file));
    }
    return blocks;
  }

  /** {@return the blocks that {@code runner} has claimed} */
  static List<Block> of(Runner runner) throws IOException {
    return blocks().stream()
        .filter(
            block -> ALL.stream().anyMatch(claim -> claim.runner() == runner && claim.isFor(block)))
        .toList();
  }
}
