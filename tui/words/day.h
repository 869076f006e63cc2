/* A day as people say it. */
#ifndef INVONCE_TUI_DAY_H
#define INVONCE_TUI_DAY_H

#define WORDS_DAY_SIZE 64

/* "22 November", with its year when that isn't this one, on the clock here, of an RFC 3339 time in
 * UTC. What doesn't read is left as it is; NULL is "?". */
void words_day(const char *utc, char text[WORDS_DAY_SIZE]);

#endif
