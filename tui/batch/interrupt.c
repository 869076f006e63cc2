#include "tui/batch/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int CAUGHT[] = {SIGINT, SIGTERM, SIGHUP};

#define COUNT (sizeof CAUGHT / sizeof CAUGHT[0])

static struct sigaction before[COUNT];
static int ends[2] = {-1, -1};
static volatile sig_atomic_t first;

static void note(int number)
{
    int kept = errno;
    if (first == 0) first = number;
    ssize_t written = write(ends[1], "", 1); /* a full pipe is readable enough */
    (void)written;
    errno = kept;
}

bool interrupt_catch(void)
{
    first = 0;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    for (size_t i = 0; i < COUNT; i++) {
        struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(CAUGHT[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(CAUGHT[i], &action, NULL);
    }
    return true;
}

void interrupt_release(void)
{
    if (ends[0] < 0) return;
    for (size_t i = 0; i < COUNT; i++)
        sigaction(CAUGHT[i], &before[i], NULL);
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}

int interrupt_descriptor(void)
{
    return ends[0];
}

int interrupt_signal(void)
{
    return first;
}
