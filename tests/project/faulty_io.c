/* Preloaded before libc's own file calls: makes the n-th of them fail, or notes
 * them all, for paths below one folder. Written for the tests of the store; it
 * reaches SQLite's calls as well as Python's. One thread only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST_FILES 1024

/* what a call may be, a bit each */
enum { OPEN = 1, WRITE = 2, SYNC = 4, CUT = 8, NAME = 16, READ = 32 };

static char folder[4096];
static char *path_of[MOST_FILES];
static int which, failing_errno, shortened, lasting;
static long fail_at, calls;
static int log_fd = -1;

#define REAL(result, name, ...)                                   \
  static result (*real)(__VA_ARGS__);                             \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

void faulty_watch(const char *below) {
  strncpy(folder, below, sizeof folder - 1);
  for (int i = 0; i < MOST_FILES; i++) path_of[i] = NULL;
  which = 0; calls = 0; log_fd = -1;
}

/* error 0 means: write less than was asked */
void faulty_fail(int kinds, long at, int error, int on_and_on) {
  which = kinds; fail_at = at; failing_errno = error; lasting = on_and_on;
  shortened = error == 0; calls = 0;
}

long faulty_calls(void) { return calls; }

static int watched(const char *path) {
  size_t n = strlen(folder);
  return n && path && strncmp(path, folder, n) == 0;
}

static const char *watched_fd(int fd) {
  return fd >= 0 && fd < MOST_FILES ? path_of[fd] : NULL;
}

/* counts a call; 1 if it is to fail */
static int fails(int kind) {
  if (!(which & kind)) return 0;
  calls++;
  if (calls != fail_at && !(lasting && calls > fail_at)) return 0;
  if (!shortened) errno = failing_errno;
  return 1;
}

static int throwaway(const char *path) {
  size_t n = strlen(path);
  return n > 4 && strcmp(path + n - 4, "-shm") == 0;
}

static void put(const void *data, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  const char *at = data;
  while (size) {
    ssize_t n = real(log_fd, at, size);
    if (n <= 0) abort();
    at += n; size -= n;
  }
}

static void note(char op, const char *path, const char *other, int64_t offset,
                 const void *data, int64_t size) {
  if (log_fd < 0 || throwaway(path)) return;
  int64_t head[5] = {op, (int64_t)strlen(path), (int64_t)strlen(other), offset, size};
  put(head, sizeof head);
  put(path, head[1]);
  put(other, head[2]);
  if (data) put(data, size);
}

void faulty_log(const char *path) {
  REAL(int, "open64", const char *, int, ...);
  log_fd = real(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
}

void faulty_note(const char *text) { note('N', text, "", 0, NULL, 0); }

static int opened(int fd, const char *path, int flags, int was_there) {
  if (fd < 0) return fd;
  if (fd < MOST_FILES) path_of[fd] = strdup(path);
  if ((flags & O_CREAT) && !was_there) note('O', path, "", 0, NULL, 0);
  else if (flags & O_TRUNC) note('T', path, "", 0, NULL, 0);
  return fd;
}

#define OPENING(name)                                             \
  int name(const char *path, int flags, ...) {                    \
    REAL(int, #name, const char *, int, ...);                     \
    va_list rest;                                                 \
    va_start(rest, flags);                                        \
    mode_t mode = va_arg(rest, mode_t);                           \
    va_end(rest);                                                 \
    if (!watched(path)) return real(path, flags, mode);           \
    if (fails(OPEN)) { if (shortened) errno = EMFILE; return -1; }\
    int was_there = access(path, F_OK) == 0;                      \
    return opened(real(path, flags, mode), path, flags, was_there); \
  }
OPENING(open)
OPENING(open64)

int close(int fd) {
  REAL(int, "close", int);
  if (watched_fd(fd)) { free(path_of[fd]); path_of[fd] = NULL; }
  return real(fd);
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  const char *path = watched_fd(fd);
  if (!path) return real(fd, data, size);
  if (fails(WRITE)) {
    if (!shortened) return -1;
    size = size > 1 ? size / 2 : size;
  }
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t n = real(fd, data, size);
  if (n > 0) note('W', path, "", at, data, n);
  return n;
}

#define WRITING(name, offset_type)                                \
  ssize_t name(int fd, const void *data, size_t size, offset_type at) { \
    REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
    const char *path = watched_fd(fd);                            \
    if (!path) return real(fd, data, size, at);                   \
    if (fails(WRITE)) {                                           \
      if (!shortened) return -1;                                  \
      size = size > 1 ? size / 2 : size;                          \
    }                                                             \
    ssize_t n = real(fd, data, size, at);                         \
    if (n > 0) note('W', path, "", at, data, n);                  \
    return n;                                                     \
  }
WRITING(pwrite, off_t)
WRITING(pwrite64, off64_t)

ssize_t read(int fd, void *data, size_t size) {
  REAL(ssize_t, "read", int, void *, size_t);
  if (watched_fd(fd) && fails(READ)) {
    if (!shortened) return -1;
    size = size > 1 ? size / 2 : size;
  }
  return real(fd, data, size);
}

#define READING(name, offset_type)                                \
  ssize_t name(int fd, void *data, size_t size, offset_type at) { \
    REAL(ssize_t, #name, int, void *, size_t, offset_type);       \
    if (watched_fd(fd) && fails(READ)) {                          \
      if (!shortened) return -1;                                  \
      size = size > 1 ? size / 2 : size;                          \
    }                                                             \
    return real(fd, data, size, at);                              \
  }
READING(pread, off_t)
READING(pread64, off64_t)

#define SYNCING(name)                                             \
  int name(int fd) {                                              \
    REAL(int, #name, int);                                        \
    const char *path = watched_fd(fd);                            \
    if (!path) return real(fd);                                   \
    if (fails(SYNC) && !shortened) return -1;                     \
    int done = real(fd);                                          \
    if (done == 0) note('S', path, "", 0, NULL, 0);               \
    return done;                                                  \
  }
SYNCING(fsync)
SYNCING(fdatasync)

#define CUTTING(name, offset_type)                                \
  int name(int fd, offset_type size) {                            \
    REAL(int, #name, int, offset_type);                           \
    const char *path = watched_fd(fd);                            \
    if (!path) return real(fd, size);                             \
    if (fails(CUT) && !shortened) return -1;                      \
    int done = real(fd, size);                                    \
    if (done == 0) note('T', path, "", size, NULL, 0);            \
    return done;                                                  \
  }
CUTTING(ftruncate, off_t)
CUTTING(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (!watched(to)) return real(from, to);
  if (fails(NAME) && !shortened) return -1;
  int done = real(from, to);
  if (done == 0) note('R', from, to, 0, NULL, 0);
  return done;
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  if (!watched(path)) return real(path);
  if (fails(NAME) && !shortened) return -1;
  int done = real(path);
  if (done == 0) note('U', path, "", 0, NULL, 0);
  return done;
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  if (!watched(path)) return real(path, mode);
  if (fails(NAME) && !shortened) return -1;
  int done = real(path, mode);
  if (done == 0) note('M', path, "", 0, NULL, 0);
  return done;
}
