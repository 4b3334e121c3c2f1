package io.pycached.apply;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Who may write to a prefix beside the process that keeps it, by the modes of what is made. */
public enum Access {
  /** Nobody: neither group nor others may write, whatever the umask. */
  DAEMON {
    @Override
    public void makeDirectory(Path directory) throws IOException {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    @Override
    Set<PosixFilePermission> permissions(Set<PosixFilePermission> source) {
      Set<PosixFilePermission> permissions = super.permissions(source);
      permissions.removeAll(Set.of(GROUP_WRITE, OTHERS_WRITE));
      return permissions;
    }
  },
  /** Whom the umask allows, as importlib leaves it. */
  USERS {
    @Override
    public void makeDirectory(Path directory) throws IOException {
      Files.createDirectory(directory);
    }
  },
  /**
   * The prefix's group, whose members trust each other; others may not even read. Whose files and
   * directories are in a directory with the set-group-ID bit, its group says; inode(7).
   */
  GROUP {
    @Override
    public void makeDirectory(Path directory) throws IOException {
      Files.createDirectory(directory);
      openDirectory(directory);
    }

    @Override
    public void openDirectory(Path directory) throws IOException {
      Files.setAttribute(directory, "unix:mode", GROUP_DIRECTORY, LinkOption.NOFOLLOW_LINKS);
    }
  };

  private static final int GROUP_DIRECTORY = 02770;

  /**
   * Makes {@code directory}, which is to be the prefix or a mirror.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something is there
   */
  public abstract void makeDirectory(Path directory) throws IOException;

  /**
   * Opens {@code directory}, which was made a moment ago, to those who may write, once more: the
   * kernel may have closed it when it got another group; chown(2).
   */
  public void openDirectory(Path directory) throws IOException {
    // It was made with the mode that it has.
  }

  /** What {@code _calc_mode} and {@code _write_atomic} make of the source's permissions. */
  Set<PosixFilePermission> permissions(Set<PosixFilePermission> source) {
    Set<PosixFilePermission> permissions = EnumSet.of(OWNER_WRITE);
    permissions.addAll(source);
    permissions.removeAll(Set.of(OWNER_EXECUTE, GROUP_EXECUTE, OTHERS_EXECUTE));
    return permissions;
  }
}
