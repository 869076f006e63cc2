/* A fiber is entered once by setcontext(3); from then on it is jumped between stacks, as a switch
 * of contexts is a call of the system each time. The check that jumps only go outwards is not for
 * us. */
#undef _FORTIFY_SOURCE

#include "mock_server/store/postgres/postgres_fibers.h"

#include <assert.h>
#include <setjmp.h>
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
#if __has_include(<valgrind/valgrind.h>) && !defined(NVALGRIND)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(start, end) ((void)(start), (void)(end), 0U)
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
    ucontext_t entry;
    jmp_buf own, back;
    struct stack stack, caller;
    unsigned valgrind_id;
    void (*body)(void *context);
    void *context;
    bool entered, ended;
    struct fiber *next_free;
};

struct fibers {
    char *stacks;
    size_t count, stride;
    struct fiber *first_free;
    struct fiber each[];
};

/* --- the sanitizers' side of a switch --- */

static void leave(struct stack *from, const struct stack *to)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&from->fake, to->bottom, to->size);
#endif
#ifdef __SANITIZE_THREAD__
    __tsan_switch_to_fiber(to->thread, 0);
#endif
    (void)from;
    (void)to;
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

void fiber_pause(struct fiber *fiber)
{
    leave(&fiber->stack, &fiber->caller);
    if (_setjmp(fiber->own) == 0) {
        _longjmp(fiber->back, 1);
    }
    arrive(&fiber->stack, &fiber->caller);
}

/* One body after the other; makecontext(3) passes ints only. */
static void run(unsigned high, unsigned low)
{
    struct fiber *fiber = (struct fiber *)(((size_t)high << 32) | low);
    arrive(&fiber->stack, &fiber->caller);
    for (;;) {
        fiber->body(fiber->context);
        fiber->ended = true;
        fiber_pause(fiber);
    }
}

static void enter(struct fiber *fiber)
{
    size_t self = (size_t)fiber;
    getcontext(&fiber->entry);
    fiber->entry.uc_stack.ss_sp = (void *)(size_t)fiber->stack.bottom;
    fiber->entry.uc_stack.ss_size = fiber->stack.size;
    fiber->entry.uc_link = NULL;
    makecontext(&fiber->entry, (void (*)(void))run, 2, (unsigned)(self >> 32),
                (unsigned)(self & 0xffffffff));
    fiber->entered = true;
    setcontext(&fiber->entry);
}

void fiber_resume(struct fiber *fiber)
{
    assert(!fiber->ended);
    fiber->caller.thread = current_thread();
    leave(&fiber->caller, &fiber->stack);
    if (_setjmp(fiber->back) == 0) {
        if (fiber->entered) {
            _longjmp(fiber->own, 1);
        }
        enter(fiber);
    }
    struct stack left;
    arrive(&fiber->caller, &left);
}

struct fiber *fibers_start(struct fibers *fibers, void (*body)(void *context), void *context)
{
    struct fiber *fiber = fibers->first_free;
    if (fiber) {
        fibers->first_free = fiber->next_free;
        fiber->body = body;
        fiber->context = context;
        fiber->ended = false;
    }
    return fiber;
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
