package io.pycached.doctor;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who gets anything out of the prefix: an interpreter that may not write says nothing. */
public final class PermissionsCheck implements Check {
  private final Path prefix;
  private final boolean usersWrite;
  private final Optional<String> group;
  private final String userName;

  /**
   * @param usersWrite whether interpreters are to fill the prefix
   * @param group whose members may
   * @param userName of the user who asks
   */
  public PermissionsCheck(
      Path prefix, boolean usersWrite, Optional<String> group, String userName) {
    this.prefix = prefix;
    this.usersWrite = usersWrite;
    this.group = group;
    this.userName = userName;
  }

  @Override
  public String name() {
    return "permissions";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    if (!Files.exists(prefix)) {
      return List.of(Diagnosis.unknown(this, "the prefix does not exist"));
    }
    if (!Files.isReadable(prefix) || !Files.isExecutable(prefix)) {
      return List.of(
          Diagnosis.problem(
              this,
              "this user may not read the prefix: its interpreters compile at every start, and"
                  + " do not say so",
              mendReading()));
    }
    if (usersWrite && !Files.isWritable(prefix)) {
      return List.of(
          Diagnosis.warning(
              this,
              "this user may not write to the prefix: what it imports, or pip installs, is"
                  + " silently not cached",
              group.isPresent()
                  ? "usermod -aG " + Shown.word(group.get()) + " " + Shown.word(userName)
                  : "eval \"$(pycached env --prefix \"$HOME/.cache/pycached/prefix\")\""));
    }
    PosixFileAttributes attributes = Files.readAttributes(prefix, PosixFileAttributes.class);
    boolean forAll = attributes.permissions().containsAll(Set.of(OTHERS_READ, OTHERS_EXECUTE));
    if (!usersWrite && !forAll && attributes.owner().getName().equals("root")) {
      return List.of(
          Diagnosis.warning(
              this,
              "others may not read the prefix: their interpreters compile at every start, and do"
                  + " not say so",
              "chmod go+rx -- " + Shown.word(prefix)));
    }
    return List.of(
        Diagnosis.ok(
            this,
            Files.isWritable(prefix)
                ? "this user may read and write the prefix"
                : "this user may read the prefix; the daemon makes what is in it"));
  }

  private String mendReading() {
    return group.isPresent()
        ? "usermod -aG " + Shown.word(group.get()) + " " + Shown.word(userName)
        : "chmod go+rx -- " + Shown.word(prefix);
  }
}
