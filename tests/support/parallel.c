#include "tests/support/parallel.h"

#include "tests/support/support.h"

#include <pthread.h>
#include <stdlib.h>

struct gang {
    pthread_barrier_t start;
    void (*work)(size_t index, void *context);
    void *context;
};

struct member {
    struct gang *gang;
    size_t index;
    pthread_t thread;
};

static void *run_member(void *context)
{
    struct member *member = context;
    pthread_barrier_wait(&member->gang->start);
    member->gang->work(member->index, member->gang->context);
    return NULL;
}

void parallel_run(size_t count, void (*work)(size_t index, void *context), void *context)
{
    struct gang gang = {.work = work, .context = context};
    struct member *members = calloc(count, sizeof *members);
    if (!members || pthread_barrier_init(&gang.start, NULL, (unsigned)count) != 0)
        support_die("out of memory");
    for (size_t i = 0; i < count; i++) {
        members[i] = (struct member){.gang = &gang, .index = i};
        if (pthread_create(&members[i].thread, NULL, run_member, &members[i]) != 0)
            support_die("no threads left");
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(members[i].thread, NULL);
    pthread_barrier_destroy(&gang.start);
    free(members);
}
