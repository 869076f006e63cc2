#include "mock_server/store/postgres/postgres_fibers.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

/* What watches memory or threads has to be told when the stack changes under it. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(start, end) 0
#define VALGRIND_STACK_DEREGISTER(id)       (void)(id)
#endif

/* Only what is touched of it takes memory. */
#define STACK_SIZE ((size_t)256 * 1024)

struct stack {
    const void *bottom;
    size_t size;
    void *fake;   /* the address sanitizer's */
    void *thread; /* the thread sanitizer's */
};

struct fiber {
    struct fibers *all;
    ucontext_t own, back;
    struct stack stack, caller;
    unsigned valgrind_id;
    void (*body)(void *context);
    void *context;
    bool ended;
    struct fiber *next_free;
};

struct fibers {
    char *stacks;
    size_t count, stride;
    struct fiber *first_free;
    struct fiber each[];
};

/* --- the sanitizers' side of a switch --- */

static void leave(struct stack *from, const struct stack *to, bool for_good)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(for_good ? NULL : &from->fake, to->bottom, to->size);
#endif
#ifdef __SANITIZE_THREAD__
    __tsan_switch_to_fiber(to->thread, 0);
#endif
    (void)from;
    (void)to;
    (void)for_good;
}

/* Learns where the stack is that was left, of which nobody else tells. */
static void arrive(struct stack *at, struct stack *from)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(at->fake, &from->bottom, &from->size);
#endif
    (void)at;
    (void)from;
}

static void *current_thread(void)
{
#ifdef __SANITIZE_THREAD__
    return __tsan_get_current_fiber();
#else
    return NULL;
#endif
}

static void make_known(struct fiber *fiber)
{
    const char *bottom = fiber->stack.bottom;
    fiber->valgrind_id = VALGRIND_STACK_REGISTER(bottom, bottom + fiber->stack.size);
#ifdef __SANITIZE_THREAD__
    fiber->stack.thread = __tsan_create_fiber(0);
#endif
}

static void make_unknown(struct fiber *fiber)
{
    VALGRIND_STACK_DEREGISTER(fiber->valgrind_id);
#ifdef __SANITIZE_THREAD__
    __tsan_destroy_fiber(fiber->stack.thread);
#endif
}

/* --- fibers --- */

struct fibers *fibers_new(size_t count)
{
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    struct fibers *fibers = calloc(1, sizeof(struct fibers) + count * sizeof(struct fiber));
    if (!fibers) {
        return NULL;
    }
    fibers->count = count;
    fibers->stride = STACK_SIZE + guard;
    fibers->stacks = mmap(NULL, count * fibers->stride, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fibers->stacks == MAP_FAILED) {
        free(fibers);
        return NULL;
    }
    for (size_t i = count; i-- > 0;) {
        struct fiber *fiber = &fibers->each[i];
        char *low = fibers->stacks + i * fibers->stride;
        if (mprotect(low, guard, PROT_NONE) != 0) {
            fibers->count = 0; /* none was made known so far that would have to be forgotten */
        }
        fiber->all = fibers;
        fiber->stack.bottom = low + guard;
        fiber->stack.size = STACK_SIZE;
        fiber->next_free = fibers->first_free;
        fibers->first_free = fiber;
    }
    if (fibers->count == 0) {
        munmap(fibers->stacks, count * fibers->stride);
        free(fibers);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        make_known(&fibers->each[i]);
    }
    return fibers;
}

void fibers_free(struct fibers *fibers)
{
    if (fibers) {
        for (size_t i = 0; i < fibers->count; i++) {
            make_unknown(&fibers->each[i]);
        }
        munmap(fibers->stacks, fibers->count * fibers->stride);
        free(fibers);
    }
}

/* makecontext(3) passes ints only. */
static void begin(unsigned high, unsigned low)
{
    struct fiber *fiber = (struct fiber *)(((size_t)high << 32) | low);
    arrive(&fiber->stack, &fiber->caller);
    fiber->body(fiber->context);
    fiber->ended = true;
    leave(&fiber->stack, &fiber->caller, true);
    setcontext(&fiber->back);
}

static void switch_to(struct fiber *fiber)
{
    fiber->caller.thread = current_thread();
    leave(&fiber->caller, &fiber->stack, false);
    swapcontext(&fiber->back, &fiber->own);
    arrive(&fiber->caller, &(struct stack){0});
}

struct fiber *fibers_start(struct fibers *fibers, void (*body)(void *context), void *context)
{
    struct fiber *fiber = fibers->first_free;
    if (!fiber) {
        return NULL;
    }
    fibers->first_free = fiber->next_free;
    fiber->body = body;
    fiber->context = context;
    fiber->ended = false;
    fiber->stack.fake = NULL;
    getcontext(&fiber->own);
    fiber->own.uc_stack.ss_sp = (void *)(size_t)fiber->stack.bottom;
    fiber->own.uc_stack.ss_size = fiber->stack.size;
    fiber->own.uc_link = NULL;
    size_t self = (size_t)fiber;
    makecontext(&fiber->own, (void (*)(void))begin, 2, (unsigned)(self >> 32),
                (unsigned)(self & 0xffffffff));
    return fiber;
}

void fiber_resume(struct fiber *fiber)
{
    assert(!fiber->ended);
    switch_to(fiber);
}

void fiber_pause(struct fiber *fiber)
{
    assert(!fiber->ended);
    leave(&fiber->stack, &fiber->caller, false);
    swapcontext(&fiber->own, &fiber->back);
    arrive(&fiber->stack, &fiber->caller);
}

bool fiber_has_ended(const struct fiber *fiber)
{
    return fiber->ended;
}

void fiber_let_go(struct fiber *fiber)
{
    assert(fiber->ended);
    fiber->next_free = fiber->all->first_free;
    fiber->all->first_free = fiber;
}
