package io.pycached.reconcile;

import io.pycached.layout.RawPath;
import io.pycached.survey.Listing;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which directories a directory pair has below it: as is remembered, and as a survey finds them.
 */
record Branches(Territory territory, Catalog catalog) {

  /** The names in the source directory, if they are those that are remembered. */
  Optional<Listing> remembered(Node node, Path path, SourceSide source) {
    if (!node.listed
        || !(source instanceof SourceSide.Open open)
        || Listing.fingerprint(open.stamp()) != node.listingFingerprint) {
      return Optional.empty();
    }
    List<Path> directories = new ArrayList<>();
    for (Node child : node.children()) {
      if (child.inSource) {
        directories.add(RawPath.toPath(path.getFileSystem(), child.name));
      }
    }
    return Optional.of(new Listing(node.sources, node.pycache, directories));
  }

  /**
   * Brings the children of {@code node} up to date.
   *
   * @return those that are new or whose source has come or gone
   */
  List<Node> update(Node node, Path path, Survey survey) {
    Set<Path> mirrored = new HashSet<>(survey.mirrorDirectories());
    Set<Path> sources = new HashSet<>(survey.listing().directories());
    Map<String, Path> names = new TreeMap<>();
    for (Path name : mirrored) {
      names.put(RawPath.of(name), name);
    }
    if (territory.countsSources()) {
      for (Path name : sources) {
        names.put(RawPath.of(name), name);
      }
    }
    List<Node> children = new ArrayList<>(names.size());
    List<Node> news = new ArrayList<>();
    for (Map.Entry<String, Path> entry : names.entrySet()) {
      Path name = entry.getValue();
      if (territory.excludes(path.resolve(name))) {
        continue;
      }
      Node known = node.child(entry.getKey());
      Node child = known == null ? new Node(entry.getKey()) : known;
      boolean inSource = sources.contains(name);
      if (known == null || known.inSource != inSource) {
        news.add(child);
      }
      child.inSource = inSource;
      child.inMirror = mirrored.contains(name);
      children.add(child);
    }
    catalog.children(node, children.toArray(Node[]::new));
    return news;
  }
}
