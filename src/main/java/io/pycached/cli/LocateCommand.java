package io.pycached.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.config.Settings;
import io.pycached.fs.Directory;
import io.pycached.layout.CacheFromSource;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import io.pycached.layout.Variant;
import io.pycached.report.LocateReport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code pycached locate}: from a source to its bytecode, and back. */
final class LocateCommand implements Command {
  /** Bound on what {@code -} reads. */
  private static final int MAX_INPUT = 256 << 20;

  @Override
  public CommandSpec spec() {
    return Options.command(
            "locate",
            "Prints where the bytecode of a source lies in the prefix, or for a file in the prefix its source.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.output())
        .addOption(
            Options.text(
                "--tag",
                "TAG",
                "The cache tag, such as cpython-312 (default: every variant that is there)."))
        .addOption(
            OptionSpec.builder("-O", "--optimization")
                .paramLabel("LEVEL")
                .type(String.class)
                .description("The optimization level; none for level 0.")
                .build())
        .addPositional(
            Options.positional(
                "PATH",
                "1..*",
                "Sources or bytecode files; - reads NUL-separated paths and writes such."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Settings settings = options.settings();
    World world = options.world();
    Places.exists(settings.prefix());
    Optional<Variant> variant = variant(options);
    boolean piped = options.positionals().equals(List.of("-"));
    List<String> paths = piped ? read(world) : options.positionals();
    String workingDirectory = RawPath.of(world.workingDirectory());
    CacheFromSource forward = new CacheFromSource(RawPath.of(settings.prefix()), workingDirectory);
    List<LocateReport.Located> located = new ArrayList<>(paths.size());
    boolean missing = false;
    for (String path : paths) {
      List<String> answers = locate(path, settings, forward, variant, options);
      missing |= answers.isEmpty();
      located.add(new LocateReport.Located(path, answers));
    }
    switch (format) {
      case JSON -> LocateReport.writeJson(world.out(), settings.prefix(), located);
      case TEXT ->
          LocateReport.writeText(
              new BufferedOutputStream(world.stdout()), located, piped ? '\0' : '\n');
    }
    return missing ? ExitStatus.FINDINGS : ExitStatus.OK;
  }

  private static Optional<Variant> variant(Options options) throws CommandFailure {
    Optional<String> tag = options.value("--tag");
    Optional<String> level = options.value("--optimization");
    if (tag.isEmpty()) {
      if (level.isPresent()) {
        throw new CommandFailure(ExitStatus.USAGE, "--optimization needs --tag");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(
          Variant.parse(
              tag.get() + level.filter(l -> !l.isEmpty()).map(l -> ".opt-" + l).orElse("")));
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitStatus.USAGE, "--tag: " + wrong.getMessage());
    }
  }

  private static List<String> locate(
      String raw,
      Settings settings,
      CacheFromSource forward,
      Optional<Variant> variant,
      Options options)
      throws CommandFailure, IOException {
    Path path = options.path(raw);
    PycachePrefix prefix = new PycachePrefix(settings.prefix());
    if (path.startsWith(prefix.path())) {
      return sources(prefix, path);
    }
    if (variant.isPresent()) {
      return forward.path(raw, variant.get()).map(List::of).orElse(List.of());
    }
    List<String> found = new ArrayList<>();
    String name = RawPath.of(path.getFileName() == null ? path : path.getFileName());
    Path mirror = prefix.mirrorOf(path.getParent() == null ? path : path.getParent());
    try (Directory directory = Directory.descend(prefix.path(), prefix.path().relativize(mirror))) {
      for (Path file : directory.names()) {
        if (MirrorName.parse(RawPath.of(file)) instanceof MirrorName.Bytecode bytecode
            && bytecode.sourceNames().contains(name)) {
          found.add(RawPath.of(mirror.resolve(file)));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
    return found;
  }

  /** The source that a bytecode file is of: the likeliest name. */
  private static List<String> sources(PycachePrefix prefix, Path bytecode) {
    Path name = bytecode.getFileName();
    Path mirror = bytecode.getParent();
    if (name == null
        || mirror == null
        || !(MirrorName.parse(RawPath.of(name)) instanceof MirrorName.Bytecode known)) {
      return List.of();
    }
    String source = known.likeliestSourceName();
    return prefix
        .directoryOf(mirror)
        .map(
            directory ->
                List.of(
                    RawPath.of(
                        directory.resolve(RawPath.toPath(directory.getFileSystem(), source)))))
        .orElse(List.of());
  }

  private static List<String> read(World world) throws IOException, CommandFailure {
    byte[] bytes = world.in().readNBytes(MAX_INPUT);
    if (bytes.length == MAX_INPUT) {
      throw new CommandFailure(ExitStatus.USAGE, "-: more than " + MAX_INPUT + " bytes of paths");
    }
    List<String> paths = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == 0) {
        if (i > start) {
          paths.add(new String(bytes, start, i - start, ISO_8859_1));
        }
        start = i + 1;
      }
    }
    return paths;
  }
}
