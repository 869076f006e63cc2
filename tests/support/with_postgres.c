/* Runs a program that needs a PostgreSQL of the tests' own: the one that is there already, for a
 * whole run of ctest say, or else one that is there for as long as the program runs.
 * usage: with-postgres [-c SETTING=VALUE]... PROGRAM [ARGUMENT]...
 * (the settings are for one that it starts) */
#include "tests/support/cluster.h"
#include "tests/support/stores.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETTINGS_MAX 8

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

static void start(struct cluster *server, const char *const *settings)
{
    cluster_make(server);
    if (!*settings) return;
    cluster_stop(server, SIGINT);
    cluster_start(server, settings);
}

int main(int argc, char **argv)
{
    const char *settings[SETTINGS_MAX + 1] = {NULL};
    size_t count = 0;
    for (; argc > 2 && strcmp(argv[1], "-c") == 0 && count < SETTINGS_MAX; argv += 2, argc -= 2)
        settings[count++] = argv[2];
    if (argc < 2) {
        fputs("usage: with-postgres [-c SETTING=VALUE]... PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    if (!cluster_is_installed() || getenv(STORES_SERVER_VARIABLE)) become(argv + 1);
    struct cluster server;
    start(&server, settings);
    if (setenv(STORES_SERVER_VARIABLE, server.directory, 1) != 0) support_die("out of memory");
    int code = run(argv + 1);
    cluster_clear(&server);
    return code;
}
