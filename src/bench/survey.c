/*
 * The least C program that judges a pycache prefix: one thread, and for every `.pyc` one openat,
 * one read of 16 bytes, one close and one stat of its source. It is the yardstick of src/bench/run.
 *
 *   survey PREFIX SOURCE MAGIC...
 *
 * SOURCE is an absolute directory without symbolic links; its mirror is PREFIX/SOURCE. A header
 * whose magic number is none of MAGIC counts as stale. Header rules: importlib's _classify_pyc and
 * _validate_timestamp_pyc; hash-based and damaged files count as "other".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 16, MAGICS = 16 };

static uint32_t magics[MAGICS];
static int magic_count;
static int source_root;
static char source_path[PATH_MAX]; /* of the current directory, below source_root */
static long fresh, stale, orphaned, other;

static void fail(const char *what) {
  fprintf(stderr, "survey: %s: %s\n", what, strerror(errno));
  exit(2);
}

static uint32_t word(const unsigned char *bytes) {
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int is_known_magic(uint32_t magic) {
  for (int i = 0; i < magic_count; i++) {
    if (magics[i] == magic) return 1;
  }
  return 0;
}

/* Puts the source's name for NAME.TAG[.opt-N].pyc behind source_path; 0 if it is no such name. */
static int append_source_name(const char *name, size_t length, size_t path_length) {
  const char *end = name + length - 4;
  const char *dot = memrchr(name, '.', end - name);
  if (dot != NULL && strncmp(dot, ".opt-", 5) == 0) {
    dot = memrchr(name, '.', dot - name);
  }
  if (dot == NULL || dot == name || path_length + (dot - name) + 4 > PATH_MAX) return 0;
  memcpy(source_path + path_length, name, dot - name);
  memcpy(source_path + path_length + (dot - name), ".py", 4);
  return 1;
}

static void judge(int directory, const char *name, size_t length, size_t path_length) {
  unsigned char header[HEADER];
  int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) fail(name);
  ssize_t count = read(file, header, HEADER);
  close(file);

  struct stat source;
  if (!append_source_name(name, length, path_length)) {
    other++;
  } else if (fstatat(source_root, source_path, &source, 0) < 0) {
    if (errno == ENOENT || errno == ENOTDIR) orphaned++;
    else other++;
  } else if (count != HEADER) {
    other++;
  } else if (!is_known_magic(word(header))) {
    stale++;
  } else if (word(header + 4) != 0) {
    other++;
  } else {
    /* Python's int(st_mtime) goes through a double. */
    double mtime = (double)source.st_mtim.tv_sec + 1e-9 * (double)source.st_mtim.tv_nsec;
    int same = word(header + 8) == (uint32_t)(int64_t)mtime
               && word(header + 12) == (uint32_t)source.st_size;
    if (same) fresh++;
    else stale++;
  }
}

static void walk(int parent, const char *name, size_t path_length) {
  int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
  if (directory == NULL) fail(name);
  struct dirent *entry;
  while ((entry = readdir(directory)) != NULL) {
    size_t length = strlen(entry->d_name);
    if (entry->d_type == DT_DIR) {
      if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
      if (path_length + length + 2 > PATH_MAX) {
        errno = ENAMETOOLONG;
        fail(entry->d_name);
      }
      memcpy(source_path + path_length, entry->d_name, length);
      source_path[path_length + length] = '/';
      walk(descriptor, entry->d_name, path_length + length + 1);
    } else if (length > 4 && strcmp(entry->d_name + length - 4, ".pyc") == 0) {
      judge(descriptor, entry->d_name, length, path_length);
    }
  }
  closedir(directory);
}

int main(int argc, char **argv) {
  if (argc < 4 || argc > 3 + MAGICS) {
    fprintf(stderr, "usage: survey PREFIX SOURCE MAGIC...\n");
    return 2;
  }
  for (int i = 3; i < argc; i++) {
    magics[magic_count++] = (uint32_t)atoi(argv[i]) | 0x0A0D0000u; /* "\r\n" ends a magic number */
  }
  char mirror[PATH_MAX];
  if (snprintf(mirror, sizeof mirror, "%s/%s", argv[1], argv[2]) >= (int)sizeof mirror) return 2;
  source_root = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (source_root < 0) fail(argv[2]);
  walk(AT_FDCWD, mirror, 0);
  printf("{\"fresh\":%ld,\"stale\":%ld,\"orphaned\":%ld,\"other\":%ld}\n", fresh, stale, orphaned,
         other);
  return 0;
}
