/* Runs a fuzz target without clang's engine: on every file of a corpus, then for a number of rounds
 * on mutations of them, the same ones each time, so that a failure comes again.
 * Usage: PROGRAM CORPUS [ROUNDS [RANDOM_SEED]], or PROGRAM FILE. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX 32768
#define SEEDS_MAX 256

/* Pieces that a random byte would seldom make. */
static const char *const PIECES[] = {
    "\\u0000",
    "\\ud800",
    "\\u202e",
    "\xEF\xBB\xBF",
    "\xC0\xAF",
    "\xED\xA0\x80",
    "null",
    "1e999",
    "[[[[[[",
    "{\"a\":",
    "\"\"",
    "\"0\"",
    "-0.00",
    "\"~1/~0\":1,",
    "0x1",
    "\x1B[2J",
    "99999999999999999999",
    "\"lines\":[],",
    "\xE2\x80\xA8",
    "\xEF\xB7\xBA",
    ",,",
    "5e-324",
    "1e309",
    "\\u0061",
    "\\\"",
    "\"a\":0,",
    "000000000000000000000000000000000000000000000000000000000000000000",
    "\"-1\"",
    "{},",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct input {
    unsigned char bytes[INPUT_MAX];
    size_t size;
};

struct seed {
    unsigned char *bytes;
    size_t size;
};

static struct {
    struct seed all[SEEDS_MAX];
    size_t count;
} seeds;

/* xorshift64* */
static uint64_t random_below(uint64_t *state, uint64_t limit)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (*state * UINT64_C(2685821657736338717) >> 16) % limit;
}

/* Puts `bytes` where `removed` bytes at `at` were, if it fits. */
static void splice(struct input *input, size_t at, size_t removed, const void *bytes, size_t size)
{
    if (removed > input->size - at) removed = input->size - at;
    if (input->size - removed + size > INPUT_MAX) return;
    memmove(input->bytes + at + size, input->bytes + at + removed, input->size - at - removed);
    memcpy(input->bytes + at, bytes, size);
    input->size += size - removed;
}

static void mutate(struct input *input, uint64_t *state)
{
    size_t at = random_below(state, input->size + 1);
    const char *piece = PIECES[random_below(state, COUNT(PIECES))];
    unsigned char byte = (unsigned char)random_below(state, 256), copy[64];
    size_t size = random_below(state, sizeof copy);
    const struct seed *other = &seeds.all[random_below(state, seeds.count)];
    size_t from = random_below(state, other->size + 1), length;
    switch (random_below(state, 6)) {
    case 0: /* another byte */
        splice(input, at, 1, &byte, 1);
        break;
    case 1: /* fewer bytes */
        splice(input, at, size, "", 0);
        break;
    case 2: /* a piece in place of some bytes */
        splice(input, at, random_below(state, 8), piece, strlen(piece));
        break;
    case 3: /* a piece between */
        splice(input, at, 0, piece, strlen(piece));
        break;
    case 4: /* a part of another seed */
        length = random_below(state, other->size - from + 1);
        splice(input, at, size, other->bytes + from, length);
        break;
    default: /* some bytes again and again */
        if (size > input->size - at) size = input->size - at;
        memcpy(copy, input->bytes + at, size);
        for (uint64_t times = UINT64_C(1) << random_below(state, 10); times > 0; times--)
            splice(input, at, 0, copy, size);
        break;
    }
}

/* A copy of its own size, so that a sanitizer sees a read past the end. */
static void run_one(const unsigned char *bytes, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (exact == NULL) abort();
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_rounds(uint64_t rounds, uint64_t state)
{
    static struct input input;
    for (uint64_t round = 0; round < rounds; round++) {
        const struct seed *seed = &seeds.all[random_below(&state, seeds.count)];
        input.size = seed->size;
        memcpy(input.bytes, seed->bytes, seed->size);
        for (uint64_t times = random_below(&state, 4); times > 0; times--)
            mutate(&input, &state);
        run_one(input.bytes, input.size);
    }
}

static _Noreturn void give_up(const char *name)
{
    perror(name);
    exit(2);
}

static void read_seed(const char *name)
{
    FILE *file = fopen(name, "rb");
    struct seed seed = {.bytes = malloc(INPUT_MAX)};
    if (file == NULL || seed.bytes == NULL || seeds.count == SEEDS_MAX) give_up(name);
    seed.size = fread(seed.bytes, 1, INPUT_MAX, file);
    if (ferror(file)) give_up(name);
    fclose(file);
    seeds.all[seeds.count++] = seed;
}

static int by_name(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void read_corpus(const char *directory)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_seed, by_name);
    if (count <= 0) give_up(directory);
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        if (length < 0 || (size_t)length >= sizeof path) give_up(directory);
        read_seed(path);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    struct stat found;
    if (argc < 2 || argc > 4 || stat(argv[1], &found) != 0) give_up(argc > 1 ? argv[1] : argv[0]);
    uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&argc, &argv);
    if (S_ISDIR(found.st_mode))
        read_corpus(argv[1]);
    else
        read_seed(argv[1]);
    for (size_t i = 0; i < seeds.count; i++)
        run_one(seeds.all[i].bytes, seeds.all[i].size);
    if (S_ISDIR(found.st_mode)) run_rounds(rounds, seed != 0 ? seed : 1);
    for (size_t i = 0; i < seeds.count; i++)
        free(seeds.all[i].bytes);
    return 0;
}
