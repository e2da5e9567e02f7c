/* Intercepts system calls: the FAULT_AT-th FAULT_CALL fails with FAULT_ERROR.
 * FAULT_LOG gets an F for the failure, and an s for each fsync of a file. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int calls;

static void note(const char *letter) {
    int log = open(getenv("FAULT_LOG"), O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (log >= 0) {
        syscall(SYS_write, log, letter, 1);
        close(log);
    }
}

static int fails(const char *call) {
    const char *wanted = getenv("FAULT_CALL");
    if (!wanted || strcmp(wanted, call) != 0) return 0;
    if (__sync_add_and_fetch(&calls, 1) != atoi(getenv("FAULT_AT"))) return 0;
    note("F");
    errno = strcmp(getenv("FAULT_ERROR"), "ENOSPC") == 0 ? ENOSPC : EIO;
    return 1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return fails("pwrite") ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

/* SQLite ignores a failed sync of a folder, because some file systems do not support it. */
static int is_folder(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);
}

int fsync(int fd) {
    if (is_folder(fd)) return syscall(SYS_fsync, fd);
    if (fails("fsync")) return -1;
    note("s");
    return syscall(SYS_fsync, fd);
}

int fdatasync(int fd) { return fsync(fd); }
