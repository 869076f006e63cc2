/* The server's times as the operator's clock shows them. */
#ifndef INVONCE_TUI_MOMENT_H
#define INVONCE_TUI_MOMENT_H

#define MOMENT_SIZE     32
#define MOMENT_DAY_SIZE 11

/* "10:02:11", or with its day when that isn't today, of an RFC 3339 time in UTC. What doesn't read
 * is shown as it is. NULL is "". */
void moment_local(const char *utc, char text[MOMENT_SIZE]);

/* The same, always with its day. */
void moment_whole(const char *utc, char text[MOMENT_SIZE]);

/* Today, as YYYY-MM-DD. */
void moment_today(char text[MOMENT_DAY_SIZE]);

#endif
