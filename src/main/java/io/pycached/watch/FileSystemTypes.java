package io.pycached.watch;

import java.util.Set;

/** Which file systems tell of all changes. */
public final class FileSystemTypes {
  /*
   * Names as in /proc/mounts. inotify(7) reports only what goes through this kernel; on these a
   * change may be made by another machine, by the host of a virtual machine or by a user process.
   */
  private static final Set<String> SILENT =
      Set.of(
          "9p",
          "acfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "drvfs",
          "gfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "ncpfs",
          "nfs",
          "nfs4",
          "ocfs2",
          "orangefs",
          "prl_fs",
          "smb2",
          "smb3",
          "smbfs",
          "vboxsf",
          "virtiofs",
          "vmhgfs");

  private FileSystemTypes() {}

  /**
   * {@return whether a file system of {@code type} reports every change to inotify; {@code fuseblk}
   * does, being a local disk}
   */
  public static boolean notifies(String type) {
    return !SILENT.contains(type) && !type.equals("fuse") && !type.startsWith("fuse.");
  }
}
