#include "tests/client/peak.h"

#include "tests/support/support.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_seconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) support_die("no clock");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_of(pid_t pid)
{
    char line[256], *path = support_format("/proc/%d/status", (int)pid);
    long kib = 0;
    FILE *status = fopen(path, "re");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0) kib = strtol(line + 6, NULL, 10);
    if (status) fclose(status);
    free(path);
    return kib;
}

/* Runs between fork and exec: nothing here may allocate. */
_Noreturn static void become(char *const *argv, int output)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
        execv(argv[0], argv);
    _exit(127);
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) support_die("cannot wait for a process");
    return status;
}

/* Stopped at its exit, when its memory is still to be seen. */
static bool is_leaving(int status)
{
    return status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXIT << 8));
}

struct peak peak_run(char *const *argv, int output)
{
    struct peak peak = {0};
    double start = now_seconds();
    pid_t pid = fork();
    if (pid < 0) support_die("cannot fork");
    if (pid == 0) become(argv, output);
    int status = wait_for(pid);
    if (WIFSTOPPED(status) &&
        ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL) != 0)
        support_die("cannot trace a process");
    while (WIFSTOPPED(status)) {
        if (is_leaving(status)) peak.kib = peak_of(pid);
        uintptr_t signal = WSTOPSIG(status) == SIGTRAP ? 0 : (uintptr_t)WSTOPSIG(status);
        if (ptrace(PTRACE_CONT, pid, NULL, (void *)signal) != 0 && errno != ESRCH)
            support_die("cannot go on tracing");
        status = wait_for(pid);
    }
    peak.seconds = now_seconds() - start;
    peak.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return peak;
}

bool peak_is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}
