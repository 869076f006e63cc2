/* A disk that is full for a while, by LD_PRELOAD: as long as the file that FULL_DISK names is
 * there, no file of the program grows, and what is in them already can be written anew. Once a
 * write has failed for it, that file is no longer empty. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *sign; /* NULL: none */

__attribute__((constructor)) static void set_up(void)
{
    sign = getenv("FULL_DISK");
}

/* A file without a name isn't on the disk: a memory file. */
static bool would_grow(int file, off_t end)
{
    struct stat is;
    return sign && access(sign, F_OK) == 0 && fstat(file, &is) == 0 && S_ISREG(is.st_mode) &&
           is.st_nlink > 0 && end > is.st_size;
}

static ssize_t no_room(void)
{
    int file = (int)syscall(SYS_openat, AT_FDCWD, sign, O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        syscall(SYS_write, file, "!", 1);
        syscall(SYS_close, file);
    }
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    if (would_grow(file, offset + (off_t)length)) return no_room();
    return syscall(SYS_pwrite64, file, bytes, length, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset)
{
    return pwrite(file, bytes, length, offset);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    off_t at = sign && access(sign, F_OK) == 0 ? (off_t)syscall(SYS_lseek, file, 0, SEEK_CUR) : -1;
    if (at >= 0 && would_grow(file, at + (off_t)length)) return no_room();
    return syscall(SYS_write, file, bytes, length);
}

int ftruncate(int file, off_t length)
{
    if (would_grow(file, length)) return (int)no_room();
    return (int)syscall(SYS_ftruncate, file, length);
}

int ftruncate64(int file, off64_t length)
{
    return ftruncate(file, length);
}
