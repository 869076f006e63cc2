#include "tests/client/stepper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 30

extern char **environ;

/* The room's variables before ours: the first of a name counts. Only the list is to be freed. */
static char **environment_of(const struct room *room)
{
    size_t ours = 0;
    while (environ[ours])
        ours++;
    char **all = calloc(room->variable_count + ours + 1, sizeof *all);
    if (!all) support_die("out of memory");
    for (size_t i = 0; i < room->variable_count; i++)
        all[i] = room->variables[i];
    for (size_t i = 0; i < ours; i++)
        all[room->variable_count + i] = environ[i];
    return all;
}

/* Runs between fork and exec: nothing here may allocate. */
_Noreturn static void become(char *const *argv, char *const *environment, int nowhere)
{
    bool ready = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && dup2(nowhere, STDIN_FILENO) >= 0 &&
                 dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0 &&
                 ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
    if (ready) execve(argv[0], argv, environment);
    _exit(127);
}

static pid_t start(const struct room *room, const char *const *arguments)
{
    char *argv[ARGUMENTS_MAX + 2] = {(char *)(uintptr_t)room_program()};
    for (size_t i = 0; arguments[i]; i++) {
        if (i == ARGUMENTS_MAX) support_die("too many arguments");
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    }
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0) support_die("no /dev/null");
    char **environment = environment_of(room);
    pid_t pid = fork();
    if (pid < 0) support_die("cannot fork");
    if (pid == 0) become(argv, environment, nowhere);
    free(environment);
    close(nowhere);
    return pid;
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, __WALL) < 0)
        if (errno != EINTR) support_die("cannot wait for a traced process");
    return status;
}

/* Notes what the call is that it stands before. */
static void look(pid_t pid, struct stepped *stepped)
{
    struct __ptrace_syscall_info call;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof call, &call) <= 0)
        support_die("cannot tell a system call");
    if (call.op != PTRACE_SYSCALL_INFO_ENTRY) return;
    if (call.entry.nr == SYS_pwrite64 && stepped->loaded == 0) stepped->loaded = stepped->stops;
    if (call.entry.nr == SYS_write && call.entry.args[0] == STDOUT_FILENO)
        stepped->told = stepped->stops;
}

struct stepped stepper_run(const struct room *room, const char *const *arguments, size_t kill_at)
{
    struct stepped stepped = {0};
    pid_t pid = start(room, arguments);
    int status = wait_for(pid);
    if (WIFSTOPPED(status) &&
        ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0)
        support_die("cannot trace a process");
    while (WIFSTOPPED(status)) {
        bool call = WSTOPSIG(status) == (SIGTRAP | 0x80);
        if (call && ++stepped.stops == kill_at) {
            stepped.killed = true;
            kill(pid, SIGKILL);
        } else if (call) {
            look(pid, &stepped);
        }
        int signal = call || WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
        if (ptrace(PTRACE_SYSCALL, pid, NULL, signal) != 0 && errno != ESRCH)
            support_die("cannot go on tracing");
        status = wait_for(pid);
    }
    stepped.code = WIFEXITED(status) ? WEXITSTATUS(status) : PROCESS_SIGNAL_BASE + WTERMSIG(status);
    return stepped;
}
