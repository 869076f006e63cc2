/* A file system without locks, by LD_PRELOAD: whoever asks for one is told that there are none. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

static int answer(int file, int command, void *argument)
{
    if (command == F_SETLK || command == F_SETLKW || command == F_GETLK || command == F_OFD_SETLK ||
        command == F_OFD_SETLKW || command == F_OFD_GETLK) {
        errno = ENOLCK;
        return -1;
    }
    return (int)syscall(SYS_fcntl, file, command, argument);
}

int fcntl(int file, int command, ...)
{
    va_list values;
    va_start(values, command);
    void *argument = va_arg(values, void *);
    va_end(values);
    return answer(file, command, argument);
}

int fcntl64(int file, int command, ...);

int fcntl64(int file, int command, ...)
{
    va_list values;
    va_start(values, command);
    void *argument = va_arg(values, void *);
    va_end(values);
    return answer(file, command, argument);
}
