package io.pycached.cli;

import io.pycached.compile.Disassembler;
import io.pycached.compile.Interpreter;
import io.pycached.compile.Interpreters;
import io.pycached.config.Settings;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Body;
import io.pycached.pyc.MalformedPycException;
import io.pycached.pyc.MarshalCheck;
import io.pycached.pyc.PycHeader;
import io.pycached.report.Failures;
import io.pycached.report.InspectReport;
import io.pycached.report.InspectReport.Inspected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached inspect}: what bytecode files say of themselves. */
final class InspectCommand implements Command {
  /** A bigger file is no bytecode that anything wrote. */
  private static final int MAX_BYTES = 256 << 20;

  @Override
  public CommandSpec spec() {
    return Options.command(
            "inspect", "Prints what bytecode files say of themselves, wherever they lie.")
        .addOption(Options.config())
        .addOption(Options.output())
        .addOption(
            Options.flag(
                "--dis", "Also disassemble what is whole, by the interpreter that runs it."))
        .addPositional(Options.positional("FILE", "1..*", "Bytecode files."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    World world = options.world();
    if (options.has("--dis")) {
      if (format == Options.Output.JSON) {
        throw new CommandFailure(ExitStatus.USAGE, "--dis: expected without -o json");
      }
      return disassemble(options, world);
    }
    List<Inspected> files = new ArrayList<>();
    ExitStatus status = ExitStatus.OK;
    for (String raw : options.positionals()) {
      Path path = options.path(raw);
      try {
        Inspected file = inspect(path);
        files.add(file);
        if (!file.isIntact() && status == ExitStatus.OK) {
          status = ExitStatus.FINDINGS;
        }
      } catch (NoSuchFileException missing) {
        world.err().println(RawPath.display(raw) + ": no such file");
        status = ExitStatus.FINDINGS;
      } catch (AccessDeniedException denied) {
        world.err().println(RawPath.display(raw) + ": permission denied");
        status = ExitStatus.DENIED;
      } catch (IOException failed) {
        world.err().println(RawPath.display(raw) + ": " + failed.getMessage());
        status = ExitStatus.FINDINGS;
      }
    }
    switch (format) {
      case JSON -> InspectReport.writeJson(world.out(), files);
      case TEXT -> InspectReport.writeText(world.out(), files);
    }
    return status;
  }

  private static ExitStatus disassemble(Options options, World world)
      throws CommandFailure, IOException {
    ExitStatus status = ExitStatus.OK;
    Settings.Interpreters settings = options.settings().interpreters();
    try (Interpreters interpreters = new Interpreters(InterpreterSearch.of(world, settings))) {
      for (String raw : options.positionals()) {
        try {
          disassemble(options.path(raw), interpreters, world);
        } catch (IOException failed) {
          world.err().println(RawPath.display(raw) + ": " + Failures.reason(failed));
          status = ExitStatus.FINDINGS;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitStatus.FINDINGS, "interrupted");
    }
    return status;
  }

  private static void disassemble(Path path, Interpreters interpreters, World world)
      throws IOException, InterruptedException {
    byte[] bytes = read(path);
    Inspected file = inspect(path, bytes);
    InspectReport.writeText(world.out(), List.of(file));
    if (!(file instanceof Inspected.Pyc pyc) || !file.isIntact()) {
      throw new IOException("is not disassembled: its body would not load");
    }
    int magic = pyc.header().magic().number();
    Interpreter interpreter =
        interpreters.known().stream()
            .filter(known -> known.magic() == magic)
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "is not disassembled: no interpreter here has magic number " + magic));
    Disassembler.write(interpreter, bytes, pyc.header().magic().headerBytes(), world.stdout());
    world.stdout().flush();
  }

  private static Inspected inspect(Path path) throws IOException {
    return inspect(path, read(path));
  }

  private static byte[] read(Path path) throws IOException {
    if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
      throw new IOException("not a regular file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException("more than " + MAX_BYTES + " bytes");
    }
    return bytes;
  }

  private static Inspected inspect(Path path, byte[] bytes) {
    try {
      PycHeader header = PycHeader.parse(ByteBuffer.wrap(bytes));
      int start = header.magic().headerBytes();
      Body body =
          MarshalCheck.check(
              ByteBuffer.wrap(bytes, start, bytes.length - start).slice(), header.magic());
      return new Inspected.Pyc(path, header, bytes.length - start, body);
    } catch (MalformedPycException malformed) {
      return new Inspected.Headless(
          path, malformed.defect(), String.valueOf(malformed.getMessage()));
    }
  }
}
