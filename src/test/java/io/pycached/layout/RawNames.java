package io.pycached.layout;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A program that takes every name in a directory, and below, through its raw form and back, and
 * prints the bytes of what it then finds: one line of hexadecimal digits for each file. The
 * directory's name must be ASCII.
 */
final class RawNames {
  private RawNames() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    print(Path.of(args[0]), Path.of(""), out);
  }

  private static void print(Path top, Path below, PrintStream out) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(top.resolve(below))) {
      for (Path entry : entries) {
        Path name = RawPath.toPath(top.getFileSystem(), RawPath.of(entry.getFileName()));
        Path relative = RawPath.toPath(top.getFileSystem(), RawPath.of(below.resolve(name)));
        Path whole = RawPath.toPath(top.getFileSystem(), RawPath.of(top.resolve(relative)));
        if (!whole.equals(entry)) {
          throw new IllegalStateException(entry.toUri() + " became " + whole.toUri());
        }
        if (Files.isDirectory(whole)) {
          print(top, relative, out);
        } else {
          byte[] bytes = RawPath.of(relative).getBytes(StandardCharsets.ISO_8859_1);
          out.println(HexFormat.of().formatHex(bytes) + " " + Files.size(whole));
        }
      }
    }
  }
}
