#include "mock_server/engine/readers.h"

#include <pthread.h>
#include <stdlib.h>

struct reader {
    struct store_session *session;
    struct reader *next;
};

static struct {
    pthread_mutex_t lock;
    struct store *store;
    struct reader *first;
} readers = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Thread_local struct store_session *own;

void readers_start(struct store *store)
{
    readers.store = store;
}

struct store_session *readers_session(void)
{
    if (store_is_lost(readers.store)) {
        return NULL;
    }
    if (own) {
        return own;
    }
    struct reader *reader = calloc(1, sizeof(struct reader));
    if (!reader || !(reader->session = store_session_open_reading(readers.store))) {
        free(reader);
        return NULL;
    }
    own = reader->session;
    pthread_mutex_lock(&readers.lock);
    reader->next = readers.first;
    readers.first = reader;
    pthread_mutex_unlock(&readers.lock);
    return own;
}

bool readers_are_away(void)
{
    enum store_trouble trouble = own ? store_trouble(own) : STORE_NO_TROUBLE;
    return trouble == STORE_AWAY || trouble == STORE_AGAIN;
}

void readers_refuse(struct reply *reply, const char *detail)
{
    if (readers_are_away()) {
        reply_store_away(reply);
    } else {
        reply_problem(reply, PROBLEM_INTERNAL_ERROR, "%s", detail);
    }
}

bool readers_are_well(void)
{
    struct store_session *session = readers_session();
    return session && store_is_ready(session);
}

void readers_stop(void)
{
    while (readers.first) {
        struct reader *reader = readers.first;
        readers.first = reader->next;
        store_session_close(reader->session);
        free(reader);
    }
}
