package io.pycached.reconcile;

import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;
import io.pycached.survey.Survey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The summaries of a territory's directory pairs, and their sum.
 *
 * <p>The sum may be read by any thread at any time. Nodes belong to the sweep that is under way;
 * every change of what they hold goes through here, so that the sum keeps up.
 */
final class Catalog {
  /*
   * A pair's counts are cells of two numbers: (tag number << 56 | state << 48 | files) and bytes. Most pairs hold bytecode of one
   * tag in one state: one cell. 48 bits of files in a directory are more than any file system has inodes.
   */
  private static final int TAG_SHIFT = 56;
  private static final int STATE_SHIFT = 48;
  private static final long FILES_MASK = (1L << STATE_SHIFT) - 1;
  private static final List<State> STATES = List.of(State.values());

  private final Node root = new Node("");
  private final TagNumbers tags = new TagNumbers();
  private final Map<Integer, Count> sums = new HashMap<>();
  private long sources;
  private long pairs = 1;
  private Optional<Unseen> vanished = Optional.empty();

  Node root() {
    return root;
  }

  /**
   * {@return the node of the directory at {@code relative}, or nothing if it has never been seen}
   */
  @Nullable Node find(Path relative) {
    Node node = root;
    for (Path name : relative) {
      if (name.toString().isEmpty()) {
        continue;
      }
      node = node.child(RawPath.of(name));
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  /** Makes the directory at {@code relative} known, with those above it, as not yet surveyed. */
  synchronized void grow(Path relative) {
    Node node = root;
    for (Path name : relative) {
      if (name.toString().isEmpty()) {
        continue;
      }
      Node child = new Node(RawPath.of(name));
      children(node, new Node[] {child});
      node = child;
    }
  }

  /**
   * Remembers what a survey found.
   *
   * @return whether it is not what was remembered
   */
  synchronized boolean put(Node node, Survey survey, List<MirrorFile> files) {
    long[] cells = pack(files);
    boolean same = Arrays.equals(node.cells, cells);
    boolean changed = node.surveyed && !same;
    add(node, -1);
    node.surveyed = true;
    // An equal one in the place of an old one would make the old one garbage that is hard to
    // collect.
    node.cells = same ? node.cells : cells;
    node.sources = survey.listing().sources();
    node.pycache = survey.listing().pycache();
    node.listed = survey.listingFingerprint().isPresent();
    node.listingFingerprint = survey.listingFingerprint().orElse(0);
    add(node, 1);
    return changed;
  }

  /**
   * Makes {@code children} the subdirectories of {@code node}, keeps what is known of those that
   * stay, and forgets the rest.
   */
  synchronized void children(Node node, Node[] children) {
    if (Arrays.equals(node.children(), children)) {
      return;
    }
    Set<Node> staying = new HashSet<>(List.of(children));
    for (Node old : node.children()) {
      if (!staying.contains(old)) {
        forget(old);
      }
    }
    pairs += children.length;
    pairs -= node.children().length;
    node.children(children);
  }

  /** Forgets {@code child} and what is below it. */
  synchronized void remove(Node parent, Node child) {
    forget(child);
    parent.removeChild(child);
    pairs--;
  }

  synchronized Totals totals() {
    Map<String, Map<State, Count>> byTag = new TreeMap<>();
    sums.forEach(
        (key, count) -> {
          if (count.files() != 0) {
            byTag
                .computeIfAbsent(tags.tag(key >>> 8), tag -> new EnumMap<>(State.class))
                .put(STATES.get(key & 0xFF), count);
          }
        });
    return new Totals(byTag);
  }

  /** Notes whether the territory's root could be seen, and if not, why. */
  synchronized void vanished(Optional<Unseen> why) {
    this.vanished = why;
  }

  synchronized Optional<Unseen> vanished() {
    return vanished;
  }

  synchronized long sources() {
    return sources;
  }

  /** {@return how many directory pairs are known} */
  synchronized long pairs() {
    return pairs;
  }

  private void forget(Node gone) {
    List<Node> rest = new ArrayList<>(List.of(gone));
    while (!rest.isEmpty()) {
      Node node = rest.remove(rest.size() - 1);
      add(node, -1);
      rest.addAll(List.of(node.children()));
      pairs -= node.children().length;
    }
  }

  private long[] pack(List<MirrorFile> files) {
    long[] cells = Node.NO_CELLS;
    for (MirrorFile file : files) {
      String tag =
          file.meaning() instanceof MirrorName.Bytecode bytecode
              ? bytecode.variant().tag().name()
              : "";
      long state = STATES.indexOf(file.verdict().state());
      long key = ((long) tags.of(tag) << TAG_SHIFT) | (state << STATE_SHIFT);
      int at = 0;
      while (at < cells.length && (cells[at] & ~FILES_MASK) != key) {
        at += 2;
      }
      if (at == cells.length) {
        cells = Arrays.copyOf(cells, at + 2);
        cells[at] = key;
      }
      cells[at]++;
      cells[at + 1] += file.bytes();
    }
    return cells;
  }

  private void add(Node node, long by) {
    sources += by * node.sources;
    for (int at = 0; at < node.cells.length; at += 2) {
      int tag = (int) (node.cells[at] >>> TAG_SHIFT);
      int state = (int) (node.cells[at] >>> STATE_SHIFT) & 0xFF;
      int key = (tag << 8) | state;
      Count count = new Count(by * (node.cells[at] & FILES_MASK), by * node.cells[at + 1]);
      sums.merge(key, count, Count::plus);
    }
  }
}
