package io.pycached.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.layout.Exclusions;
import io.pycached.layout.Project;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The project is at /app as interpreters see it, at /srv as we do, and really at /disk. */
final class ChangeMappingTest {
  private final FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
  private final List<String> told = new ArrayList<>();
  private final Project project =
      new Project(
          "shop",
          path("/app"),
          path("/srv"),
          Exclusions.of(fileSystem, List.of("**/node_modules")));
  private final WatchedTree tree =
      new WatchedTree(project, Set.of(path("/srv/inner")), path("/srv/prefix"));
  private final ChangeMapping mapping =
      new ChangeMapping(
          WatchedPaths.of(tree, path("/disk")),
          asked -> asked.toString().endsWith("dir"),
          new ChangeMapping.Target() {
            @Override
            public void dirty(Path directory) {
              told.add("dirty " + directory);
            }

            @Override
            public void dirtyTree(Path directory, DirtyReason reason) {
              told.add("tree " + directory + " " + reason);
            }
          });

  @ParameterizedTest
  @CsvSource({
    "/disk/a/x.py, dirty /srv/a",
    "/disk/x.pyw, dirty /srv",
    "/disk/a/link, dirty /srv/a",
    "/disk/a/data.log, ''",
    "/disk/a/x.pyc, ''",
    "/disk/.hidden, ''"
  })
  void fileCreated(String path, String expected) {
    assertTold(ChangeMapping::fileCreated, path, expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/disk/a/x.py, dirty /srv/a",
    "/disk/a/data.log, ''",
    "/disk/a/lockfile, ''",
    "/disk/a/some.dir, dirty /srv/a/some.dir",
    "/disk/inner, ''"
  })
  void modified(String path, String expected) {
    assertTold(ChangeMapping::modified, path, expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/disk/a/x.py, dirty /srv/a",
    "/disk/node_modules, ''",
    "/disk/a/__pycache__, ''",
    "/disk/inner, ''",
    "/disk/prefix, ''",
    "/disk/a/foo.d, dirty /srv/a|tree /srv/a/foo.d DELETED",
    "/disk/pkg, dirty /srv|tree /srv/pkg DELETED",
    "/disk/inner2, dirty /srv|tree /srv/inner2 DELETED"
  })
  void deleted(String path, String expected) {
    assertTold(ChangeMapping::deleted, path, expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/disk/a/pkg, dirty /srv/a|tree /srv/a/pkg CREATED",
    "/disk/a/x.py, dirty /srv/a|tree /srv/a/x.py CREATED",
    "/disk/a/node_modules, ''",
    "/disk/prefix, ''"
  })
  void directoryCreated(String path, String expected) {
    assertTold(ChangeMapping::directoryCreated, path, expected);
  }

  @Test
  void of_projectInsideAnother_isLeftOutOfTheOuter() {
    Project inner = new Project("inner", path("/x"), path("/srv/lib/in"), project.exclusions());
    List<WatchedTree> trees = WatchedTree.of(List.of(project, inner), path("/p"));
    assertThat(trees)
        .containsExactly(
            new WatchedTree(project, Set.of(path("/srv/lib/in")), path("/p")),
            new WatchedTree(inner, Set.of(), path("/p")));
  }

  private void assertTold(BiConsumer<ChangeMapping, Path> event, String path, String expected) {
    event.accept(mapping, path(path));
    assertThat(String.join("|", told)).isEqualTo(expected);
  }

  private Path path(String text) {
    return fileSystem.getPath(text);
  }
}
