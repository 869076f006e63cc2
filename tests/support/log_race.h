/* Halts a checkpoint of SQLite where others come between: in this process, for every database that
 * is opened from log_race_install on. */
#ifndef INVONCE_TESTS_SUPPORT_LOG_RACE_H
#define INVONCE_TESTS_SUPPORT_LOG_RACE_H

enum log_race_point {
    LOG_RACE_BEFORE,      /* a checkpoint begins: it holds no lock and has read nothing */
    LOG_RACE_HEADER_READ, /* it has read the log's head, which is not as it last saw it */
    LOG_RACE_POINTS
};

void log_race_install(void);
void log_race_remove(void); /* when those databases are closed */

/* The next checkpoint that comes to that point calls `between`, in its own thread, and goes on when
 * that returns. Once: what `between` does itself is not halted. */
void log_race_arm(enum log_race_point point, void (*between)(void *context), void *context);

/* How often one was halted there. */
unsigned log_race_halts(enum log_race_point point);

#endif
