/* Who a bearer token speaks for. */
#ifndef INVONCE_MOCK_SERVER_HTTP_AUTH_H
#define INVONCE_MOCK_SERVER_HTTP_AUTH_H

#include "mock_server/base/names.h"

#include <stdbool.h>
#include <stddef.h>

#define AUTH_TOKEN_MAX     512
#define AUTH_TOKEN_LENGTH  32 /* of a token that we make */
#define AUTH_PUBLIC_LENGTH 16 /* a token's least length beyond loopback */

struct principal {
    char tenant[NAMES_LENGTH_MAX + 1];
    char user[NAMES_LENGTH_MAX + 1];
};

/* Only the tokens' SHA-256 is kept. */
struct auth;

struct auth *auth_new(void);
void auth_free(struct auth *auth);

/* Adds TENANT:USER=TOKEN. NULL when it was added, else what was wrong (static; it never has the
 * token in it). */
const char *auth_add(struct auth *auth, const char *spec);

/* Adds a file's lines of that form; empty ones and those that start with # are passed over. The
 * message (owned by the caller) names the line. */
char *auth_add_file(struct auth *auth, const char *path);

bool auth_is_empty(const struct auth *auth);

/* The length of the shortest token. */
size_t auth_shortest(const struct auth *auth);

/* Makes a token for `tenant` and `user` and adds it. */
bool auth_make(struct auth *auth, const char *tenant, const char *user,
               char token[AUTH_TOKEN_LENGTH + 1]);

/* Whom an Authorization header speaks for; NULL: nobody, or, where errno is
 * ENOMEM, that can't be told. Takes the same time for every token. */
const struct principal *auth_check(const struct auth *auth, const char *header);

#endif
