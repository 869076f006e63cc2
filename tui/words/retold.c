#include "tui/words/retold.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELD_MAX    8 /* directives of a message */
#define LITERAL_MIN 6 /* bytes that a message has beside them: "%s: %s" would fit everything */
#define DEPTH_MAX   3
#define DIGITS      "0123456789"

/* What one directive of a message holds in a sentence. */
struct held {
    const char *text;
    size_t length;
};

struct match {
    struct held held[HELD_MAX];
    size_t count;
    size_t literal; /* bytes that message and sentence have in common */
};

/* The length of the directive at `format`, which begins with %, its conversion as the last byte.
 * `*position` is N of %N$s, else 0. 0: it is "%%" or none. */
static size_t directive_length(const char *format, unsigned *position)
{
    size_t length = 1;
    size_t digits = strspn(format + 1, DIGITS);
    *position = 0;
    if (digits > 0 && format[1 + digits] == '$') {
        *position = (unsigned)strtoul(format + 1, NULL, 10);
        length += digits + 1;
    }
    length += strspn(format + length, "-+ #.*" DIGITS);
    length += strspn(format + length, "hlzjt");
    return format[length] && strchr("diuxsc", format[length]) ? length + 1 : 0;
}

static bool fits_conversion(const struct held *held, char conversion)
{
    if (conversion == 's') return true;
    return held->length > 0 && strspn(held->text, "-" DIGITS) >= held->length;
}

/* Where the literal run begins in `sentence`: the last one at the very end. NULL: nowhere. */
static const char *find_literal(const char *sentence, const char *literal, size_t length, bool last)
{
    size_t rest = strlen(sentence);
    if (!last) return memmem(sentence, rest, literal, length);
    if (rest < length) return NULL;
    const char *place = sentence + rest - length;
    return memcmp(place, literal, length) == 0 ? place : NULL;
}

/* Whether `format`, printed with some arguments, is `sentence`. */
static bool match_message(const char *format, const char *sentence, struct match *match)
{
    *match = (struct match){.literal = strcspn(format, "%")};
    if (strncmp(format, sentence, match->literal) != 0) return false;
    format += match->literal;
    sentence += match->literal;
    while (*format) {
        unsigned position;
        size_t directive = directive_length(format, &position);
        if (directive == 0 || position > 0 || match->count == HELD_MAX) return false;
        const char conversion = format[directive - 1];
        format += directive;
        size_t run = strcspn(format, "%");
        if (run == 0 && *format) return false; /* two side by side: who knows where one ends */
        const char *end = find_literal(sentence, format, run, format[run] == '\0');
        if (!end) return false;
        struct held *held = &match->held[match->count++];
        *held = (struct held){sentence, (size_t)(end - sentence)};
        if (!fits_conversion(held, conversion)) return false;
        sentence = end + run;
        format += run;
        match->literal += run;
    }
    return *sentence == '\0';
}

/* The translation of the message that has most in common with the sentence. NULL: none fits. */
static const char *find_message(const struct catalog *catalog, const char *sentence,
                                struct match *best)
{
    const char *translation = NULL;
    best->literal = LITERAL_MIN - 1;
    for (size_t i = 1; i < catalog->count; i++) {
        struct match match;
        const char *message = catalog_text(catalog, i);
        if (!strchr(message, '%') || !match_message(message, sentence, &match) ||
            match.literal <= best->literal)
            continue;
        *best = match;
        translation = catalog_translation(catalog, i);
    }
    return translation;
}

struct retelling {
    const struct catalog *catalog;
    FILE *out;
};

static void put(const struct retelling *retelling, const char *sentence, int depth);

static void put_held(const struct retelling *retelling, const struct held *held, int depth)
{
    char *text = strndup(held->text, held->length);
    if (text) put(retelling, text, depth + 1);
    free(text);
}

static void put_message(const struct retelling *retelling, const char *translation,
                        const struct match *match, int depth)
{
    size_t next = 0;
    for (;;) {
        size_t run = strcspn(translation, "%");
        fwrite(translation, 1, run, retelling->out);
        translation += run;
        if (!*translation) return;
        unsigned position;
        size_t directive = directive_length(translation, &position);
        size_t at = position > 0 ? position - 1 : next++;
        if (directive > 0 && at < match->count) put_held(retelling, &match->held[at], depth);
        translation += directive > 0 ? directive : 1;
    }
}

static void put(const struct retelling *retelling, const char *sentence, int depth)
{
    struct match match = {0};
    const char *translation = *sentence ? catalog_find(retelling->catalog, sentence, 0) : NULL;
    if (!translation && depth < DEPTH_MAX) {
        translation = find_message(retelling->catalog, sentence, &match);
        if (translation) {
            put_message(retelling, translation, &match, depth);
            return;
        }
    }
    fputs(translation ? translation : sentence, retelling->out);
}

char *retold(const struct catalog *catalog, const char *sentence)
{
    char *text = NULL;
    size_t length = 0;
    struct retelling retelling = {catalog, open_memstream(&text, &length)};
    if (!retelling.out) return NULL;
    put(&retelling, sentence, 0);
    if (fclose(retelling.out) == 0) return text;
    free(text);
    return NULL;
}
