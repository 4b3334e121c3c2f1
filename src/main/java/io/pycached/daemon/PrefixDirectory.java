package io.pycached.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pycached.apply.Access;
import io.pycached.config.Settings;
import io.pycached.fs.AtomicFile;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** The prefix as a directory that somebody has to make. */
public final class PrefixDirectory {
  /**
   * The signature is fixed by the Cache Directory Tagging Specification,
   * https://bford.info/cachedir/.
   */
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This directory is a Python bytecode cache (PYTHONPYCACHEPREFIX), kept by pycached.
      # Everything in it can be made again; backups may leave it out.
      """;

  private PrefixDirectory() {}

  /**
   * Makes the prefix if it is not there. One that is, stays as it is.
   *
   * @param trust who may write to it
   * @throws NotDirectoryException if something else is
   * @throws FileSystemException if its file system has no place for it
   */
  public static void create(Path prefix, Settings.Trust trust) throws IOException {
    try {
      if (!Files.isDirectory(prefix)) {
        make(prefix, trust);
      }
    } catch (FileAlreadyExistsException file) {
      throw new NotDirectoryException(prefix.toString());
    } catch (NoSuchFileException refused) {
      // The kernel's own file systems say so where nothing can be made.
      FileSystemException failure =
          new FileSystemException(
              prefix.toString(),
              null,
              "the prefix cannot be created: " + refused.getFile() + ": no such file or directory");
      failure.initCause(refused);
      throw failure;
    }
  }

  private static void make(Path prefix, Settings.Trust trust) throws IOException {
    Path parent = prefix.getParent();
    if (parent != null) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    Access access = Trusting.access(trust);
    try {
      access.makeDirectory(prefix);
    } catch (FileAlreadyExistsException othersWereFaster) {
      if (!Files.isDirectory(prefix)) {
        throw othersWereFaster;
      }
      return;
    }
    if (trust.trustedGroup().isPresent()) {
      GroupPrincipal group =
          prefix
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByGroupName(trust.trustedGroup().get());
      Files.getFileAttributeView(prefix, PosixFileAttributeView.class).setGroup(group);
      access.openDirectory(prefix);
    }
  }

  /** Marks the prefix as a cache, for backup programs. The caller holds the prefix's lock. */
  public static void tag(Path prefix) throws IOException {
    Path tag = prefix.resolve(PycachePrefix.TAG_FILE);
    if (!Files.exists(tag, LinkOption.NOFOLLOW_LINKS)) {
      AtomicFile.write(tag, TAG.getBytes(US_ASCII));
    }
  }
}
