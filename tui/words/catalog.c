#include "tui/words/catalog.h"

#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC          0x950412deU /* in the byte order of the machine that made the file: this one */
#define SIZE_MAX_BYTES (4 * 1024 * 1024)

/* The head of a .mo file ("The Format of GNU MO Files"); offsets are from the file's start. */
struct head {
    uint32_t magic, revision, count, texts, translations;
};

/* One entry of either table: the length doesn't count the NUL that ends the string. */
struct entry {
    uint32_t length, offset;
};

static struct entry entry_at(const struct catalog *catalog, size_t table, size_t index)
{
    struct entry entry;
    memcpy(&entry, catalog->bytes + table + index * sizeof entry, sizeof entry);
    return entry;
}

static struct head head_of(const struct catalog *catalog)
{
    struct head head;
    memcpy(&head, catalog->bytes, sizeof head);
    return head;
}

static bool table_is_sound(const struct catalog *catalog, uint32_t table, uint32_t count)
{
    if (table > catalog->size || count > (catalog->size - table) / sizeof(struct entry))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct entry entry = entry_at(catalog, table, i);
        if (entry.offset >= catalog->size || entry.length >= catalog->size - entry.offset ||
            catalog->bytes[entry.offset + entry.length] != '\0')
            return false;
    }
    return true;
}

static bool is_sound(const struct catalog *catalog)
{
    if (catalog->size < sizeof(struct head)) return false;
    struct head head = head_of(catalog);
    return head.magic == MAGIC && head.revision >> 16 == 0 &&
           table_is_sound(catalog, head.texts, head.count) &&
           table_is_sound(catalog, head.translations, head.count);
}

static bool map(struct catalog *catalog, int file)
{
    struct stat facts;
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size <= 0 ||
        facts.st_size > SIZE_MAX_BYTES)
        return false;
    void *bytes = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) return false;
    *catalog = (struct catalog){.bytes = bytes, .size = (size_t)facts.st_size};
    return true;
}

bool catalog_open(struct catalog *catalog, const char *path)
{
    *catalog = (struct catalog){0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool mapped = map(catalog, file);
    close(file);
    if (!mapped) return false;
    if (is_sound(catalog)) {
        catalog->count = head_of(catalog).count;
        return true;
    }
    catalog_close(catalog);
    return false;
}

void catalog_close(struct catalog *catalog)
{
    if (catalog->bytes) munmap((void *)(uintptr_t)catalog->bytes, catalog->size);
    *catalog = (struct catalog){0};
}

const char *catalog_text(const struct catalog *catalog, size_t index)
{
    assert(index < catalog->count);
    return catalog->bytes + entry_at(catalog, head_of(catalog).texts, index).offset;
}

const char *catalog_translation(const struct catalog *catalog, size_t index)
{
    return catalog->bytes + entry_at(catalog, head_of(catalog).translations, index).offset;
}

/* The plural stands behind the singular's NUL, within the entry's length. */
static const char *form_of(const struct catalog *catalog, size_t index, unsigned form)
{
    struct entry entry = entry_at(catalog, head_of(catalog).translations, index);
    const char *text = catalog->bytes + entry.offset;
    size_t first = strlen(text);
    return form > 0 && first < entry.length ? text + first + 1 : text;
}

const char *catalog_find(const struct catalog *catalog, const char *text, unsigned form)
{
    size_t low = 0, high = catalog->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(text, catalog_text(catalog, middle));
        if (order == 0) {
            const char *found = form_of(catalog, middle, form);
            return *found ? found : NULL;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
