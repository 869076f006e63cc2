/* `invonce demo` at a desk: opened, typed into, and its own server looked at from beside it. */
#ifndef INVONCE_TESTS_TERMINAL_DEMO_DESK_H
#define INVONCE_TESTS_TERMINAL_DEMO_DESK_H

#include "tests/terminal/desk.h"

#include <sys/types.h>

/* Opens it in a terminal of 24 rows and so many columns with these flags (NULL-ended), and waits
 * for the form and for the server to have said which faults are in force. */
void demo_open(struct desk *desk, int cols, const char *const *flags);

/* Fills in an invoice of that number, on a clean form. */
void demo_type(const struct desk *desk, const char *number);

/* The demonstration's store; "unique": the one without that layer. The caller's to free. */
char *demo_store(const struct desk *desk, const char *without);

/* Before long there are so many invoices in it, and so many keys that were tried. */
void demo_expect(const struct desk *desk, const char *without, long long invoices, long long keys);

/* Its server, a child of the program. */
pid_t demo_server(const struct desk *desk);

/* "http://127.0.0.1:PORT" of it, from a screen that shows it; and its token. The caller's to free.
 */
char *demo_url(const struct desk *desk);
char *demo_token(const struct desk *desk);

#endif
