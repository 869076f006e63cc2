/* What tenants, users and providers may be called: 1 to 64 letters, digits, dots, hyphens and
 * underscores. */
#ifndef INVONCE_MOCK_SERVER_BASE_NAMES_H
#define INVONCE_MOCK_SERVER_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAMES_LENGTH_MAX 64

bool names_take(const char *text, size_t length);

/* As names_take, of a whole text; NULL is none. */
bool names_valid(const char *text);

/* Who runs this program: the login name, or "somebody" where that is none. Not for threads. */
const char *names_login(void);

#endif
