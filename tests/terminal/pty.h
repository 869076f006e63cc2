/* A program in a real pseudo-terminal: started, fed with keys, its screen kept by libvterm. */
#ifndef INVONCE_TESTS_TERMINAL_PTY_H
#define INVONCE_TESTS_TERMINAL_PTY_H

#include "tests/terminal/dialect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct pty;

struct pty_options {
    const char *const *argv; /* NULL-terminated; argv[0] is a path */
    const char *const *env;  /* the whole environment, "NAME=VALUE", NULL-terminated */
    const char *directory;   /* where it runs; NULL: here */
    int rows;                /* 0: 24 */
    int cols;                /* 0: 80 */
};

/* Starts the program as the leader of a session of its own. NULL when that fails. */
struct pty *pty_start(const struct pty_options *options);

/* Kills whatever still runs in the session, and forgets it. */
void pty_free(struct pty *pty);

/* Reads output (and writes keys) as they come until condition(pty, context) holds, and what is on
 * the screen is no half of a picture. False when it didn't in PATIENCE_MS, or can't any more since
 * the program has ended. */
typedef bool pty_condition(struct pty *pty, const void *context);
bool pty_wait(struct pty *pty, pty_condition *condition, const void *context);

/* Reads output as it comes for so long, and whatever it is. For measurements: a test waits for what
 * it is to see. */
void pty_read_for(struct pty *pty, int ms);

/* Waits until the program has ended and all that it wrote is read; *status is waitpid's. */
bool pty_wait_exit(struct pty *pty, int *status);

/* A key as a terminal sends it in the modes that the program set. */
void pty_key(struct pty *pty, VTermKey key, VTermModifier modifier);

/* Bytes as they are. */
void pty_send(struct pty *pty, const void *bytes, size_t length);

/* As a terminal pastes: bracketed if the program asked for that, line ends as CR. */
void pty_paste(struct pty *pty, const char *text);

/* Left button down and up, at a cell counted from 0. Nothing is sent unless the program asked for
 * the mouse. */
void pty_click(struct pty *pty, int row, int col);

/* Waits until the program has read every key. False when it doesn't in PATIENCE_MS. For programs
 * that read them one by one, not in lines. */
bool pty_wait_read(struct pty *pty);

/* Waits until the program has read every key, has written what it had to say of them, and sleeps
 * again. What a silence or a server brings later isn't waited for. */
bool pty_wait_idle(struct pty *pty);

/* Stands in the way of the program's next output, as Ctrl-S does, until it is let go. */
void pty_hold_output(struct pty *pty);
void pty_let_go_output(struct pty *pty);

void pty_resize(struct pty *pty, int rows, int cols);

pid_t pty_pid(const struct pty *pty);

/* When the program was started, in nanoseconds of CLOCK_MONOTONIC. */
int64_t pty_started_ns(const struct pty *pty);

void pty_signal(struct pty *pty, int signal); /* to the program started, not its group */

/* The terminal goes away, as when its window is closed. Nothing can be read or sent after it. */
void pty_hang_up(struct pty *pty);

/* Processes of the program's session that are still there, the program itself included. */
size_t pty_processes(const struct pty *pty);

VTermScreen *pty_screen(const struct pty *pty);
void pty_size(const struct pty *pty, int *rows, int *cols);
void pty_cursor(const struct pty *pty, int *row, int *col);
const struct dialect *pty_dialect(const struct pty *pty);

/* All that the program has written, NUL-terminated behind *length bytes. */
const char *pty_raw(const struct pty *pty, size_t *length);

/* NULL when the terminal is as it was before the program: main screen, cursor shown, no mouse, no
 * bracketed paste, plain attributes, line settings as before. Else what isn't. */
const char *pty_left_behind(const struct pty *pty);

#endif
