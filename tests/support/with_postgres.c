/* Runs a program that needs a PostgreSQL of the tests' own: the one that is there already, for a
 * whole run of ctest say, or else one that is there for as long as the program runs.
 * usage: with-postgres PROGRAM [ARGUMENT]... */
#include "tests/support/cluster.h"
#include "tests/support/stores.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t program;

static void pass_on(int signal)
{
    int error = errno;
    if (program > 0) kill(program, signal);
    errno = error;
}

_Noreturn static void become(char **argv)
{
    execvp(*argv, argv);
    perror(*argv);
    _exit(127);
}

/* The child dies with us, and we outlive it whatever signal comes: what it used is to be cleared.
 */
static int run(char **argv)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t held, before;
    sigemptyset(&held);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaddset(&held, signals[i]);
        signal(signals[i], pass_on);
    }
    sigprocmask(SIG_BLOCK, &held, &before);
    pid_t parent = getpid();
    program = fork();
    if (program < 0) support_die("cannot start %s", *argv);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (program == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(127);
        become(argv);
    }
    int status;
    while (waitpid(program, &status, 0) < 0)
        if (errno != EINTR) support_die("cannot wait for %s", *argv);
    return WIFEXITED(status) ? WEXITSTATUS(status) : PROCESS_SIGNAL_BASE + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: with-postgres PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    if (!cluster_is_installed() || getenv(STORES_SERVER_VARIABLE)) become(argv + 1);
    struct cluster server;
    cluster_make(&server);
    if (setenv(STORES_SERVER_VARIABLE, server.directory, 1) != 0) support_die("out of memory");
    int code = run(argv + 1);
    cluster_clear(&server);
    return code;
}
