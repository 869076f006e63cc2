/* What a program does to its terminal, the disk and the network, in turn, by LD_PRELOAD: each call
 * appends one line to the file WATCHED: "terminal BYTES", "disk" (made durable), "network" (a
 * connection begun). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(const char *line)
{
    const char *path = getenv("WATCHED");
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path,
                                 O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
                  : -1;
    if (fd < 0) return;
    syscall(SYS_write, fd, line, strlen(line));
    close(fd);
}

/* Said before it is done: whoever sees the picture finds the line. */
ssize_t write(int fd, const void *bytes, size_t length)
{
    char line[40];
    snprintf(line, sizeof line, "terminal %zu\n", length);
    if (fd == STDOUT_FILENO) say(line);
    return syscall(SYS_write, fd, bytes, length);
}

int fsync(int fd)
{
    say("disk\n");
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    say("disk\n");
    return (int)syscall(SYS_fdatasync, fd);
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
    say("network\n");
    return (int)syscall(SYS_connect, fd, address.__sockaddr__, length);
}
