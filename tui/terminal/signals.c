#include "tui/terminal/signals.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define CRASH_STACK 16384 /* bytes: a crash may be for want of stack */

static const int seen_by_loop[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP,
                                   SIGINT,   SIGQUIT, SIGPIPE, SIGXFSZ};
/* Whatever else would end the program where it stands: the terminal is put right first. */
static const int crashes[] = {SIGSEGV, SIGBUS,  SIGABRT,   SIGFPE,   SIGILL,  SIGTRAP,
                              SIGSYS,  SIGUSR1, SIGUSR2,   SIGALRM,  SIGPROF, SIGPOLL,
                              SIGPWR,  SIGXCPU, SIGVTALRM, SIGSTKFLT};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct sigaction loop_before[COUNT(seen_by_loop)];
static struct sigaction crash_before[COUNT(crashes)];
static int pipe_ends[2] = {-1, -1};
static void (*crash_hook)(void);
static void *crash_stack;
static stack_t stack_before;

static void to_pipe(int number)
{
    int kept = errno;
    unsigned char byte = (unsigned char)number;
    /* A full pipe holds enough signals for the loop to look at everything. */
    ssize_t written = write(pipe_ends[1], &byte, 1);
    (void)written;
    errno = kept;
}

static void crashed(int number)
{
    if (crash_hook) crash_hook();
    for (size_t i = 0; i < COUNT(crashes); i++) {
        if (crashes[i] == number) sigaction(number, &crash_before[i], NULL);
    }
    raise(number); /* held back until this returns, then it takes its course */
}

static void catch_for_loop(void)
{
    for (size_t i = 0; i < COUNT(seen_by_loop); i++) {
        struct sigaction action = {.sa_handler = to_pipe, .sa_flags = SA_RESTART};
        /* A write that fails says so itself. */
        if (seen_by_loop[i] == SIGPIPE || seen_by_loop[i] == SIGXFSZ) action.sa_handler = SIG_IGN;
        sigemptyset(&action.sa_mask);
        sigaction(seen_by_loop[i], &action, &loop_before[i]);
    }
}

static void catch_crashes(void)
{
    crash_stack = malloc(CRASH_STACK);
    stack_t stack = {.ss_sp = crash_stack, .ss_size = CRASH_STACK};
    bool own_stack = crash_stack && sigaltstack(&stack, &stack_before) == 0;
    for (size_t i = 0; i < COUNT(crashes); i++) {
        struct sigaction action = {.sa_handler = crashed, .sa_flags = own_stack ? SA_ONSTACK : 0};
        sigemptyset(&action.sa_mask);
        sigaction(crashes[i], &action, &crash_before[i]);
    }
}

bool signals_catch(void (*on_crash)(void))
{
    assert(pipe_ends[0] < 0); /* what was there before is remembered once */
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    crash_hook = on_crash;
    catch_for_loop();
    catch_crashes();
    return true;
}

void signals_release(void)
{
    if (pipe_ends[0] < 0) return;
    for (size_t i = 0; i < COUNT(seen_by_loop); i++) {
        sigaction(seen_by_loop[i], &loop_before[i], NULL);
    }
    for (size_t i = 0; i < COUNT(crashes); i++)
        sigaction(crashes[i], &crash_before[i], NULL);
    if (crash_stack) sigaltstack(&stack_before, NULL);
    free(crash_stack);
    crash_stack = NULL;
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    pipe_ends[0] = pipe_ends[1] = -1;
}

int signals_descriptor(void)
{
    return pipe_ends[0];
}

int signals_next(void)
{
    unsigned char number;
    return read(pipe_ends[0], &number, 1) == 1 ? number : 0;
}

void signals_stop(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL};
    struct sigaction before;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, &before);
    kill(0, SIGTSTP);
    /* Here it stands still until SIGCONT. */
    sigaction(SIGTSTP, &before, NULL);
}
