/* Runs a fuzz target for a number of rounds on mutations of some seeds: the same ones each time, so
 * that a failure comes again. Usage: PROGRAM [ROUNDS [RANDOM_SEED]], or PROGRAM FILE. */
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX      32768
#define DEFAULT_ROUNDS 8000

static const char *const SEEDS[] = {
    "{\"number\":\"2026-0042\",\"issue_date\":\"2026-11-22\",\"due_date\":\"2026-12-22\","
    "\"currency\":\"EUR\",\"customer\":{\"email\":\"ap@northwind.example\",\"name\":\"Northwind\"},"
    "\"lines\":[{\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\","
    "\"tax_rate\":\"21\"},{\"description\":\"x\",\"quantity\":\"-1\",\"unit_price\":\"0.0001\"}],"
    "\"notes\":\"a\\r\\nb\",\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}",
    "{\"number\":\"1\",\"issue_date\":\"2024-02-29\",\"currency\":\"JPY\",\"customer\":{\"email\":"
    "\"\\u00e9@b.c\"},\"lines\":[{\"description\":\"\\ud83d\\ude00\",\"quantity\":\"1\","
    "\"unit_price\":\"999999999999999\"}],\"idempotency_key\":\"k\"}",
    "{\"a\":[1,-2.5e-3,1e300,true,null,{\"b\":\"\\u0001\\\"\\\\\"}],\"\xEF\xAC\xB3\":{},\"\":0}",
    "\"key with \\\"quotes\\\"\";a=1;b=\"x\"",
    "bare-key_0123456789",
    "{\"lines\":[{},{}]}",
    " [0, -0.0, 10, 1E5, 1e-5, 0.1, 9007199254740993, 123456789012345678901234567890.5e+7,\n"
    "\t[ ], { }, [[\"\"]], true, false, null] ",
    "{\"a\":{\"a\":[\"\\b\\f\\n\\r\\t\\/"
    "\"],\"\\u0062\":1},\"A\":{\"B\":{\"b\":\"\\uD83D\\uDE00\"}}}",
    "-1.5e3",
};

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
    switch (random_below(state, 5)) {
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
    default: /* some bytes again and again */
        if (size > input->size - at) size = input->size - at;
        memcpy(copy, input->bytes + at, size);
        for (uint64_t times = UINT64_C(1) << random_below(state, 10); times > 0; times--)
            splice(input, at, 0, copy, size);
        break;
    }
}

static void run_rounds(uint64_t rounds, uint64_t state)
{
    static struct input input;
    for (uint64_t round = 0; round < rounds; round++) {
        const char *seed = SEEDS[random_below(&state, COUNT(SEEDS))];
        input.size = strlen(seed);
        memcpy(input.bytes, seed, input.size);
        for (uint64_t times = random_below(&state, 4); times > 0; times--)
            mutate(&input, &state);
        /* A copy of its own size, so that a sanitizer sees a read past the end. */
        uint8_t *exact = malloc(input.size > 0 ? input.size : 1);
        if (exact == NULL) abort();
        memcpy(exact, input.bytes, input.size);
        LLVMFuzzerTestOneInput(exact, input.size);
        free(exact);
    }
}

static bool run_file(const char *name)
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(name, "rb");
    if (file == NULL) return false;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    bool read = ferror(file) == 0;
    fclose(file);
    if (read) LLVMFuzzerTestOneInput(bytes, size);
    return read;
}

int main(int argc, char **argv)
{
    char *end = NULL;
    uint64_t rounds = argc > 1 ? strtoull(argv[1], &end, 10) : DEFAULT_ROUNDS;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (argc == 2 && *end != '\0') {
        if (run_file(argv[1])) return 0;
        perror(argv[1]);
        return 1;
    }
    run_rounds(rounds, seed != 0 ? seed : 1);
    return 0;
}
