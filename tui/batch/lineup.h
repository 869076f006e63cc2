/* Results that come in any order and go out in that of the input. Bounded: who finds no room lets
 * the first ones end before more begin. */
#ifndef INVONCE_TUI_LINEUP_H
#define INVONCE_TUI_LINEUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define LINEUP_PLACES    1024
#define LINEUP_BYTES_MAX (4 * 1024 * 1024) /* of results that wait; one more may go over it */

/* All zeros is empty. */
struct lineup {
    char *texts[LINEUP_PLACES]; /* owned; NULL: not there yet */
    int64_t first, next;        /* the number that goes out next, and that comes in next */
    size_t bytes;
};

bool lineup_has_room(const struct lineup *lineup);

/* The number of the next one to come in; only where there is room. */
int64_t lineup_enter(struct lineup *lineup);

/* The result of that number: one line, owned from here on. */
void lineup_put(struct lineup *lineup, int64_t number, char *text);

/* Writes all that can go out, a line each. False with errno. */
bool lineup_write(struct lineup *lineup, FILE *out);

void lineup_clear(struct lineup *lineup);

#endif
