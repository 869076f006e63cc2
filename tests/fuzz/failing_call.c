/* One call that fails, by LD_PRELOAD: the Nth, of all threads, from when the file that the variable
 * names says so. */
#include "tests/fuzz/failing_call.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FRAMES       48
#define TOLD         16 /* frames */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct failing_call *failing; /* NULL: none ever fails */
static _Thread_local bool inside;    /* of what is called here: that doesn't count */

/* Where from, as "module+offset", for addr2line. */
static void tell_where(const char *name)
{
    void *frames[TOLD];
    int count = backtrace(frames, TOLD), length = 0;
    const int size = sizeof failing->where;
    length = snprintf(failing->where, (size_t)size, "%s", name);
    for (int i = 2; i < count && length < size; i++) {
        Dl_info found;
        if (!dladdr(frames[i], &found) || !found.dli_fname) continue;
        const char *slash = strrchr(found.dli_fname, '/');
        length += snprintf(failing->where + length, (size_t)(size - length), " %s+0x%lx",
                           slash ? slash + 1 : found.dli_fname,
                           (unsigned long)((char *)frames[i] - (char *)found.dli_fbase));
    }
}

/* Where libraries begin: OpenSSL 3.0 crashes without memory there, whoever calls it. */
static struct {
    const char *name;
    uintptr_t from, to;
} beginnings[] = {{"EVP_MD_fetch", 0, 0},
                  {"OPENSSL_init_crypto", 0, 0},
                  {"OPENSSL_init_ssl", 0, 0},
                  {"curl_global_init", 0, 0}};

static void find_beginnings(void)
{
    for (size_t i = 0; i < COUNT(beginnings); i++) {
        Dl_info found;
        ElfW(Sym) *symbol = NULL;
        void *at = dlsym(RTLD_DEFAULT, beginnings[i].name);
        if (!at || !dladdr1(at, &found, (void **)&symbol, RTLD_DL_SYMENT) || !symbol) continue;
        beginnings[i].from = (uintptr_t)at;
        beginnings[i].to = (uintptr_t)at + symbol->st_size;
    }
}

static bool is_a_beginning(void *frame)
{
    bool is = false;
    for (size_t i = 0; i < COUNT(beginnings); i++)
        is = is || ((uintptr_t)frame > beginnings[i].from && (uintptr_t)frame <= beginnings[i].to);
    return is;
}

static uintptr_t own_from, own_to; /* the program itself */

static int find_own(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        own_from = (uintptr_t)(info->dlpi_addr + part->p_vaddr);
        own_to = own_from + part->p_memsz;
    }
    return 1; /* it comes first */
}

/* FNV-1a of the calls that led here; 0: others would have to mend what comes of it. */
static uint64_t place(const char *name)
{
    void *frames[FRAMES];
    inside = true;
    int count = backtrace(frames, FRAMES);
    inside = false;
    uint64_t hash = (uint64_t)(uintptr_t)name;
    bool own = atomic_load(&failing->kind) != FAILING_MEMORY;
    for (int i = 2; i < count; i++) {
        uintptr_t frame = (uintptr_t)frames[i];
        hash = (hash ^ (uint64_t)frame) * UINT64_C(1099511628211);
        own = own || (frame >= own_from && frame < own_to);
        if (is_a_beginning(frames[i])) return 0;
    }
    return own ? hash : 0;
}

static bool strikes(enum failing_kind kind, const char *name)
{
    if (!failing || inside || atomic_load(&failing->kind) != (int)kind) return false;
    long nth = atomic_load(&failing->nth);
    if (nth == 0) return false;
    long index = atomic_fetch_add(&failing->count, 1);
    if (nth == FAILING_NONE_NOTED && index < FAILING_NOTED_MAX) failing->from[index] = place(name);
    if (index + 1 != nth) return false;
    if (place(name) == 0) { /* threads took turns in another way than when it was noted */
        atomic_compare_exchange_strong(&failing->nth, &nth, nth + 1);
        return false;
    }
    inside = true;
    tell_where(name);
    atomic_store(&failing->struck, true);
    inside = false;
    return true;
}

__attribute__((constructor)) static void set_up(void)
{
    const char *path = getenv(FAILING_CALL_VARIABLE);
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *frames[1];
    backtrace(frames, 1); /* it loads what it needs */
    void *map = mmap(NULL, sizeof *failing, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    find_beginnings();
    dl_iterate_phdr(find_own, NULL);
    unsetenv(FAILING_CALL_VARIABLE); /* it is for this program alone */
    if (map != MAP_FAILED) failing = map;
}

/* --- memory --- */

/* What is asked for before the real ones are found: dlsym's own. */
static char early[16384];
static size_t early_used;

static void *take_early(size_t size)
{
    size_t at = (early_used + 15) & ~(size_t)15;
    if (size > sizeof early - at) abort();
    early_used = at + size;
    return early + at;
}

static bool is_early(const void *memory)
{
    return (const char *)memory >= early && (const char *)memory < early + sizeof early;
}

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

/* Into a pointer to a function. */
static void find(const char *name, void *pointer)
{
    bool before = inside;
    inside = true;
    void *found = dlsym(RTLD_NEXT, name);
    inside = before;
    if (!found) abort();
    memcpy(pointer, &found, sizeof found);
}

static bool is_ready(void)
{
    static _Thread_local bool finding;
    if (real_free) return true;
    if (finding) return false;
    finding = true;
    find("malloc", &real_malloc);
    find("calloc", &real_calloc);
    find("realloc", &real_realloc);
    find("free", &real_free);
    finding = false;
    return true;
}

static void *refuse(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    if (!is_ready()) return take_early(size);
    return strikes(FAILING_MEMORY, "malloc") ? refuse() : real_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (!is_ready()) return take_early(count * size); /* zeros, as it is static */
    return strikes(FAILING_MEMORY, "calloc") ? refuse() : real_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    if (is_early(memory)) {
        size_t room = (size_t)(early + sizeof early - (char *)memory);
        void *other = malloc(size);
        return other ? memcpy(other, memory, size < room ? size : room) : NULL;
    }
    if (!is_ready()) return take_early(size);
    return strikes(FAILING_MEMORY, "realloc") ? refuse() : real_realloc(memory, size);
}

void free(void *memory)
{
    if (!memory || is_early(memory) || !is_ready()) return;
    real_free(memory);
}

/* --- files and connections --- */

static int fail_with(int error)
{
    errno = error;
    return -1;
}

/* A file, a pipe or a connection; what threads wake each other by doesn't fail. */
static bool is_outside(int file)
{
    struct stat found;
    int before = errno;
    bool is = failing && fstat(file, &found) == 0 && (found.st_mode & S_IFMT) != 0;
    errno = before;
    return is;
}

#define ON_FILE(type, name, error, parameters, arguments)                                          \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*real) parameters;                                                             \
        if (!real) find(#name, &real);                                                             \
        if (is_outside(file) && strikes(FAILING_CALLS, #name)) return fail_with(error);            \
        return real arguments;                                                                     \
    }

ON_FILE(ssize_t, read, EIO, (int file, void *bytes, size_t size), (file, bytes, size))
ON_FILE(ssize_t, write, ENOSPC, (int file, const void *bytes, size_t size), (file, bytes, size))
ON_FILE(ssize_t, pread, EIO, (int file, void *bytes, size_t size, off_t at),
        (file, bytes, size, at))
ON_FILE(ssize_t, pread64, EIO, (int file, void *bytes, size_t size, off64_t at),
        (file, bytes, size, at))
ON_FILE(ssize_t, pwrite, ENOSPC, (int file, const void *bytes, size_t size, off_t at),
        (file, bytes, size, at))
ON_FILE(ssize_t, pwrite64, ENOSPC, (int file, const void *bytes, size_t size, off64_t at),
        (file, bytes, size, at))
ON_FILE(int, fsync, EIO, (int file), (file))
ON_FILE(int, fdatasync, EIO, (int file), (file))
ON_FILE(int, ftruncate, EIO, (int file, off_t size), (file, size))
ON_FILE(int, ftruncate64, EIO, (int file, off64_t size), (file, size))
ON_FILE(ssize_t, send, ECONNRESET, (int file, const void *bytes, size_t size, int flags),
        (file, bytes, size, flags))
ON_FILE(ssize_t, sendmsg, ECONNRESET, (int file, const struct msghdr *message, int flags),
        (file, message, flags))
ON_FILE(ssize_t, recv, ECONNRESET, (int file, void *bytes, size_t size, int flags),
        (file, bytes, size, flags))
ON_FILE(int, connect, ENETUNREACH, (int file, __CONST_SOCKADDR_ARG to, socklen_t size),
        (file, to, size))
ON_FILE(int, accept4, EMFILE, (int file, __SOCKADDR_ARG from, socklen_t *restrict size, int flags),
        (file, from, size, flags))

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    if (!real) find("rename", &real);
    return strikes(FAILING_CALLS, "rename") ? fail_with(EIO) : real(from, to);
}

int socket(int domain, int type, int protocol)
{
    static int (*real)(int, int, int);
    if (!real) find("socket", &real);
    return strikes(FAILING_CALLS, "socket") ? fail_with(EMFILE) : real(domain, type, protocol);
}

static int open_real(const char *path, int flags, unsigned mode)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define TO_OPEN(name)                                                                              \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        unsigned mode = 0;                                                                         \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        if (flags & O_CREAT) mode = va_arg(rest, unsigned);                                        \
        va_end(rest);                                                                              \
        return strikes(FAILING_CALLS, #name) ? fail_with(EMFILE) : open_real(path, flags, mode);   \
    }

TO_OPEN(open)
TO_OPEN(open64)
