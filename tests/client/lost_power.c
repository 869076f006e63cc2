#include "tests/client/lost_power.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAMES_MAX   64
#define SECTOR      512
#define CHANGES_MAX 65536

/* A change that isn't synced yet. */
struct change {
    struct change *next;
    off_t offset;
    size_t length;
    unsigned char *bytes; /* NULL: the file ends at `offset` from then on */
};

struct content {
    unsigned char *bytes; /* as on the disk */
    size_t length;
    struct change *changes; /* newest last */
    bool is_directory;
};

/* A name, and what it stands for: on the disk, and for the program. NULL: nothing. */
struct name {
    char path[PATH_MAX];
    struct content *durable, *current;
};

static struct name names[NAMES_MAX];
static size_t name_count;
static uint64_t chance_state;

void lost_power_seed(unsigned long seed)
{
    chance_state = seed;
}

/* SplitMix64. */
static uint64_t chance(uint64_t below)
{
    uint64_t mixed = (chance_state += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (mixed ^ (mixed >> 31)) % below;
}

static void *made(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory) abort();
    return memory;
}

static struct name *find(const char *path)
{
    for (size_t i = 0; i < name_count; i++)
        if (strcmp(names[i].path, path) == 0) return &names[i];
    return NULL;
}

static struct name *add(const char *path)
{
    if (name_count == NAMES_MAX) abort();
    struct name *name = &names[name_count++];
    snprintf(name->path, sizeof name->path, "%s", path);
    return name;
}

/* --- what is on the disk --- */

static void put(struct content *content, const struct change *change)
{
    size_t end = (size_t)change->offset + change->length;
    if (!change->bytes || end > content->length) {
        unsigned char *resized = realloc(content->bytes, end + 1);
        if (!resized) abort();
        if (end > content->length) memset(resized + content->length, 0, end - content->length);
        content->bytes = resized;
        content->length = end;
    }
    if (change->bytes) memcpy(content->bytes + change->offset, change->bytes, change->length);
}

static void forget(struct content *content)
{
    for (struct change *change; (change = content->changes);) {
        content->changes = change->next;
        free(change->bytes);
        free(change);
    }
}

static struct content *load(const char *path)
{
    struct stat is;
    struct content *content = made(sizeof *content);
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0 || fstat(file, &is) != 0) abort();
    content->is_directory = S_ISDIR(is.st_mode);
    content->length = content->is_directory ? 0 : (size_t)is.st_size;
    content->bytes = made(content->length + 1);
    if (!content->is_directory &&
        pread(file, content->bytes, content->length, 0) != (ssize_t)content->length)
        abort();
    syscall(SYS_close, file);
    return content;
}

/* --- what happens --- */

void lost_power_know(const char *path)
{
    if (find(path) || access(path, F_OK) != 0) return;
    struct name *name = add(path);
    name->durable = name->current = load(path);
}

void lost_power_made(const char *path)
{
    struct name *name = find(path);
    if (!name) name = add(path);
    name->current = load(path);
}

void lost_power_removed(const char *path)
{
    find(path)->current = NULL;
}

static void add_change(const char *path, const struct change *change)
{
    struct name *name = find(path);
    if (!name || !name->current) return;
    struct change **last = &name->current->changes;
    while (*last)
        last = &(*last)->next;
    *last = made(sizeof **last);
    **last = *change;
}

void lost_power_wrote(const char *path, const void *bytes, size_t length, off_t offset)
{
    unsigned char *copy = made(length);
    memcpy(copy, bytes, length);
    add_change(path, &(struct change){.offset = offset, .length = length, .bytes = copy});
}

void lost_power_truncated(const char *path, off_t length)
{
    add_change(path, &(struct change){.offset = length});
}

static bool is_in(const char *path, const char *directory)
{
    size_t length = strlen(directory);
    return strncmp(path, directory, length) == 0 && path[length] == '/' &&
           !strchr(path + length + 1, '/');
}

void lost_power_synced(const char *path)
{
    struct stat is;
    struct name *name = find(path);
    if (stat(path, &is) != 0) return;
    if (S_ISDIR(is.st_mode)) {
        for (size_t i = 0; i < name_count; i++)
            if (is_in(names[i].path, path)) names[i].durable = names[i].current;
    } else if (name && name->current) {
        for (const struct change *change = name->current->changes; change; change = change->next)
            put(name->current, change);
        forget(name->current);
    }
}

/* --- the power goes --- */

/* Some sectors of a write reach the disk, others don't. */
static void put_torn(struct content *content, const struct change *change)
{
    for (size_t at = 0; at < change->length; at += SECTOR) {
        size_t length = change->length - at < SECTOR ? change->length - at : SECTOR;
        if (chance(2) == 0) continue;
        put(content, &(struct change){.offset = change->offset + (off_t)at,
                                      .length = length,
                                      .bytes = change->bytes + at});
    }
}

/* Nothing, a beginning, or any of the unsynced changes; whole or torn; in order or not. */
static void settle(struct content *content)
{
    uint64_t way = chance(5);
    size_t count = 0;
    for (const struct change *change = content->changes; change; change = change->next)
        count++;
    size_t kept = way == 0 ? 0 : (size_t)chance(count + 1);
    bool backwards = way >= 3 && chance(2) == 0;
    static const struct change *order[CHANGES_MAX];
    if (count > CHANGES_MAX) abort();
    size_t at = 0;
    for (const struct change *change = content->changes; change; change = change->next)
        order[backwards ? count - 1 - at++ : at++] = change;
    for (size_t i = 0; i < count; i++) {
        if (way == 1 ? i >= kept : way != 0 && chance(2) == 0) continue;
        if (way == 0) break;
        if (way == 4 && order[i]->bytes)
            put_torn(content, order[i]);
        else
            put(content, order[i]);
    }
}

static void remove_all(const char *path)
{
    char below[PATH_MAX];
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) < PATH_MAX)
            remove_all(below);
    }
    if (directory) closedir(directory);
    syscall(SYS_unlinkat, AT_FDCWD, path, directory ? AT_REMOVEDIR : 0);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), ending = strlen(end);
    return length >= ending && strcmp(text + length - ending, end) == 0;
}

static void store(const char *path, struct content *content)
{
    settle(content);
    for (size_t i = 0; ends_with(path, "-shm") && i < content->length; i++)
        content->bytes[i] = (unsigned char)chance(256);
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || syscall(SYS_pwrite64, file, content->bytes, content->length, (off_t)0) !=
                        (ssize_t)content->length)
        abort();
    syscall(SYS_close, file);
}

static void strike_name(struct name *name)
{
    struct content *left =
        name->durable == name->current || chance(2) == 0 ? name->current : name->durable;
    if (!left)
        remove_all(name->path);
    else if (!left->is_directory)
        store(name->path, left);
}

/* Files first: what is in a directory that is gone goes with it. */
void lost_power_strike(void)
{
    for (int directories = 0; directories <= 1; directories++) {
        for (size_t i = name_count; i-- > 0;) {
            const struct content *any = names[i].current ? names[i].current : names[i].durable;
            if (any && any->is_directory == (directories == 1)) strike_name(&names[i]);
        }
    }
}
