/* One thread that calls back when a time has come; waiting costs no other thread. */
#ifndef INVONCE_MOCK_SERVER_BASE_TIMERS_H
#define INVONCE_MOCK_SERVER_BASE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum timer_reason {
    TIMER_DUE,
    TIMER_STOPPED, /* the server stops: the wait is over early */
};

/* Who waits for what. A job's end is worth waiting for at a stop; a hung reply's is not. */
enum timer_patience { TIMER_FINISHES, TIMER_HANGS, TIMER_DELAYS };

/* Part of whatever waits. All zeros when new. The callback runs on the timers' thread, does little,
 * and may arm the timer again (not once stopped). */
struct timer {
    void (*fire)(struct timer *timer, enum timer_reason reason);
    int64_t due_ms;
    size_t place; /* in the heap, from 1; 0: not armed */
    enum timer_patience patience;
};

bool timers_start(void);

/* Calls `fire` after delay_ms. False when it can't be armed (out of memory, or stopping): the
 * callback won't come. */
bool timers_arm(struct timer *timer, int64_t delay_ms, enum timer_patience patience);

/* The same with TIMER_DELAYS, for a delay that the fault rules number `rules` ask for; due at once
 * when those aren't in force any more. */
bool timers_arm_delay(struct timer *timer, int64_t delay_ms, unsigned rules);

/* From now on the rules with that number are in force: the delays of those before are over. */
void timers_end_delays(unsigned rules);

/* Makes an armed timer due at once. True when it was armed: its callback comes, now. */
bool timers_hurry(struct timer *timer);

/* True when it was armed and now won't fire. */
bool timers_cancel(struct timer *timer);

/* Fires those that hang, now and from now on as soon as they are armed. */
void timers_stop_hanging(void);

/* Fires all that is armed and ends the thread. */
void timers_stop(void);

#endif
