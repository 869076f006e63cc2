#include "tests/lab/keeper.h"

#include "tests/support/support.h"
#include "tests/support/temp_dir.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIGNAL_BASE 128
#define GOODBYE_MS  20000 /* in which what the run had started is gone */

int keeper_end_output(int code)
{
    bool is_lost = fflush(stdout) != 0;
    if (!is_lost && !ferror(stdout)) return code;
    fprintf(stderr, "invonce-lab: standard output doesn't take what is written: %s\n",
            is_lost ? strerror(errno) : "some of it is lost");
    return EXIT_FAILURE;
}

static int refuse(const char *what, const char *path)
{
    fprintf(stderr, "invonce-lab: cannot %s %s: %s\n", what, path, strerror(errno));
    return EXIT_FAILURE;
}

/* As TMPDIR, so that all folders are made in it. */
static bool make_folder(char path[TEMP_DIR_SIZE])
{
    const char *root = getenv("TMPDIR");
    int length =
        snprintf(path, TEMP_DIR_SIZE, "%s/invonce-lab-XXXXXX", root && *root ? root : "/tmp");
    if (length < 0 || length >= TEMP_DIR_SIZE / 2) {
        errno = ENAMETOOLONG;
        return false;
    }
    return mkdtemp(path) && setenv("TMPDIR", path, 1) == 0;
}

static sigset_t awaited(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&set, signals[i]);
    return set;
}

static _Noreturn void carry_out(int (*work)(int argc, char **argv), int argc, char **argv,
                                const sigset_t *before, pid_t keeper)
{
    sigprocmask(SIG_SETMASK, before, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != keeper) _exit(EXIT_FAILURE);
    exit(keeper_end_output(work(argc, argv)));
}

/* Those that have ended; the run itself gives its code. */
static bool reap(pid_t run, int *code)
{
    bool is_over = false;
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid != run) continue;
        *code = WIFEXITED(status) ? WEXITSTATUS(status) : SIGNAL_BASE + WTERMSIG(status);
        is_over = true;
    }
    return is_over;
}

static int wait_for(pid_t run, const sigset_t *signals)
{
    int code = EXIT_FAILURE;
    for (int received; sigwait(signals, &received) == 0;) {
        if (received != SIGCHLD) {
            kill(run, SIGKILL);
            return SIGNAL_BASE + received;
        }
        if (reap(run, &code)) break;
    }
    return code;
}

static bool nobody_is_left(void *context)
{
    (void)context;
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

/* What a run started is told to end when the run does, and is then ours to wait for. */
int keeper_run(int (*work)(int argc, char **argv), int argc, char **argv)
{
    char folder[TEMP_DIR_SIZE];
    sigset_t signals = awaited(), before;
    if (!make_folder(folder)) return refuse("make a folder like", folder);
    fflush(NULL);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &signals, &before);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t keeper = getpid(), run = fork();
    if (run == 0) carry_out(work, argc, argv, &before, keeper);
    int code = run > 0 ? wait_for(run, &signals) : refuse("start", "another process");
    support_wait_until(nobody_is_left, NULL, GOODBYE_MS);
    temp_dir_remove(folder);
    return code;
}
