/* A mistake, linked into a server of the tests alone: what comes again with its key in the body is
 * taken for the same request, whatever is in it. It remembers the last such key. */
#include "protocol/wire/canonical_json.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

char *__real_canonical_json(const struct json *value, const char *except);
char *__wrap_canonical_json(const struct json *value, const char *except);

/* With the lock. */
static char *as_the_last_one(const char *key, char *canonical)
{
    static char *last_key, *last;
    if (last_key && strcmp(last_key, key) == 0) {
        free(canonical);
        return strdup(last);
    }
    free(last_key);
    free(last);
    last_key = strdup(key);
    last = strdup(canonical);
    return canonical;
}

char *__wrap_canonical_json(const struct json *value, const char *except)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    char *canonical = __real_canonical_json(value, except);
    const char *key = except ? json_text(value, except) : NULL;
    if (!key || !canonical) return canonical;
    pthread_mutex_lock(&lock);
    canonical = as_the_last_one(key, canonical);
    pthread_mutex_unlock(&lock);
    return canonical;
}
