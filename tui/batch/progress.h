/* How far a batch is: one line that stays in its place on a terminal, nothing elsewhere. */
#ifndef INVONCE_TUI_PROGRESS_H
#define INVONCE_TUI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PROGRESS_TEXT_SIZE 240

/* What there is to say. All zeros at the start. */
struct progress {
    FILE *out;           /* NULL: nowhere */
    int64_t total;       /* records; 0: not known */
    int64_t done;        /* records that ended */
    int64_t retries;     /* attempts after a first one */
    int64_t unconfirmed; /* records */
    bool reads;          /* nothing is created: that isn't told of */
    int64_t begun_ms;    /* monotonic, as are the next two */
    int64_t shown_ms;
    bool shown; /* the line stands on the terminal */
};

/* Says it on `terminal` if that is one. */
void progress_start(struct progress *progress, FILE *terminal, int64_t total, int64_t now_ms);

/* Shows it anew, a few times a second at most. */
void progress_show(struct progress *progress, int64_t now_ms);

/* Takes the line away, so that others can be written. */
void progress_hide(struct progress *progress);

/* "1,204 of 10,000 records, 812 a second, 3 retries, 0 unconfirmed". Pure. */
void progress_text(const struct progress *progress, int64_t now_ms, char text[PROGRESS_TEXT_SIZE]);

#endif
