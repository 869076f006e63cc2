/* What a text looks like: two that look the same have the same skeleton (Unicode Technical Standard
 * 39, by ICU). */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_SKELETON_H
#define INVONCE_MOCK_SERVER_DUPLICATES_SKELETON_H

#include <stdbool.h>

/* Loads what knows it: ICU takes longer to start than the rest of the program, and only few
 * commands need it. False, with a sentence: it isn't there. */
bool skeleton_load(void);

/* Of a folded text: letters of other scripts, O and 0, i, l and 1 are one. Owned by the caller;
 * NULL: out of memory. */
char *skeleton_of(const char *folded);

#endif
