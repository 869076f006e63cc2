/* Whether somebody wants the program to stop while it isn't waiting for that. */
#ifndef INVONCE_MOCK_SERVER_BASE_STOP_H
#define INVONCE_MOCK_SERVER_BASE_STOP_H

#include <signal.h>
#include <stdbool.h>

/* Keeps SIGTERM and SIGINT back, in this thread and those that it starts, for sigwait(3). */
void stop_block(sigset_t *signals);

/* True when one of them has come and waits. */
bool stop_is_asked(void);

#endif
