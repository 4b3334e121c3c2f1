package io.pycached.reconcile;

import io.pycached.apply.Access;
import io.pycached.apply.Adopter;
import io.pycached.apply.Pruner;
import io.pycached.apply.PycWriter;
import io.pycached.compile.Compilers;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Limits;
import io.pycached.compile.Search;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.InvalidationMode;
import io.pycached.policy.PrunePolicy;
import io.pycached.policy.WarmPolicy;
import io.pycached.policy.Warmth;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Voucher;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that does one full reconcile after the other until it is killed: it deletes what has no
 * source, and copies what lies beside the sources. In between it takes most mirrors away, so that
 * there is always something to write. Prints a line before the first one.
 */
final class Toiler {
  /** Those called {@code d0} and so on lose their mirrors. */
  static final int DIRECTORIES = 6;

  private Toiler() {}

  public static void main(String[] args) throws IOException {
    PycacheTree tree = PycacheTree.in(Path.of(args[0]));
    System.out.println("begun");
    while (true) {
      for (int i = 0; i < DIRECTORIES; i++) {
        if (Files.isDirectory(tree.mirror("d" + i))) {
          Site.deleteTree(tree.mirror("d" + i));
        }
      }
      reconcile(tree);
    }
  }

  /** Does it once. */
  static Heard reconcile(PycacheTree tree) {
    InstantSource clock = InstantSource.system();
    PycachePrefix prefix = tree.prefix();
    Surveyor surveyor = new Surveyor(new SourceHashes(9), BodyCheck.ALWAYS, clock);
    PycWriter writer = new PycWriter(prefix, Access.DAEMON);
    Search nobody = new Search(List.of(), false, List.of(), List.of(), List.of(), Map.of(), 0);
    Heard heard = new Heard();
    try (Interpreters interpreters = new Interpreters(nobody);
        Compilers compilers = new Compilers(Limits.of(1), clock);
        BuildQueue queue =
            new BuildQueue(
                new Workshop(
                    new Toolchain(interpreters),
                    compilers,
                    new Adopter(surveyor, writer),
                    writer,
                    clock),
                writer,
                false)) {
      queue.start(1, new BuildQueue.Listener() {});
      PairReconciler pairs =
          new PairReconciler(
              surveyor,
              surveyor,
              new PrunePolicy(Duration.ZERO, Duration.ZERO, clock.instant()),
              true,
              1,
              new Pruner(prefix, surveyor),
              Optional.of(queue),
              false,
              Optional.empty(),
              clock);
      WarmPolicy observed = new WarmPolicy(Warmth.OBSERVED, List.of(), InvalidationMode.TIMESTAMP);
      new SinglePass(
              Territory.of(prefix, Map.of(tree.project(), observed), Voucher.NOBODY), pairs, 1)
          .run(Mode.APPLY, heard);
    }
    return heard;
  }
}
