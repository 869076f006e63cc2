#include "tests/terminal/spoken.h"

#include "tests/support/support.h"

#include <ctype.h>
#include <curses.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <utf8proc.h>

#define PHRASES_MAX 4000
#define NUMBER      '\x01' /* in a phrase: any decimal number */
#define CONTEXT     24

/* What is allowed, each as it stands or with NUMBER in it. */
struct phrases {
    char *list[PHRASES_MAX];
    size_t count;
};

static void allow(struct phrases *phrases, const char *text)
{
    if (*text == '\0') return;
    if (phrases->count == PHRASES_MAX) support_die("too many phrases");
    phrases->list[phrases->count++] = support_format("%s", text);
}

/* The capabilities that paint, without the padding of hardware terminals. */
static const char *const painting[] = {
    "smcup", "rmcup", "clear", "home", "el",    "el1",   "ed",    "cr",   "ind",  "ri",    "ht",
    "cbt",   "cuu1",  "cud1",  "cuf1", "cub1",  "cup",   "hpa",   "vpa",  "cuu",  "cud",   "cuf",
    "cub",   "ech",   "ich",   "ich1", "dch",   "dch1",  "il",    "il1",  "dl",   "dl1",   "indn",
    "rin",   "csr",   "smir",  "rmir", "rep",   "sgr0",  "bold",  "dim",  "rev",  "smso",  "rmso",
    "smul",  "rmul",  "op",    "oc",   "smacs", "rmacs", "enacs", "smkx", "rmkx", "civis", "cnorm",
    "cvvis", "sc",    "rc",    "smam", "rmam",  "is2",   "rs1",   "rs2",  "sgr",  "setaf", "setab",
    "smxx",  "setf",  "setb",  "E3",   "nel"};

/* What screen.c makes; and the halves of "op", which ncurses makes where the entry has AX. */
static const char *const on_purpose[] = {"\x1b[39m",    "\x1b[49m",    "\x1b[?1000h",
                                         "\x1b[?1006h", "\x1b[?2004h", "\x1b[?1000l",
                                         "\x1b[?1006l", "\x1b[?2004l"};

/* Cuts "$<50>" out. */
static void cut_padding(char *text)
{
    char *begin;
    while ((begin = strstr(text, "$<")) != NULL) {
        char *end = strchr(begin, '>');
        if (end == NULL) return;
        memmove(begin, end + 1, strlen(end));
    }
}

/* "\E[%i%p1%d;%p2%dH" as a phrase with numbers. False for what has to be worked out. */
static bool simplify(const char *capability, char *phrase)
{
    for (const char *at = capability; *at != '\0'; at++) {
        if (*at != '%') {
            *phrase++ = *at;
        } else if (at[1] == 'p') {
            at += 2;
        } else if (at[1] == '{') {
            at = strchr(at, '}');
        } else if (at[1] == 'd') {
            *phrase++ = NUMBER;
            at++;
        } else if (strchr("ic+-", at[1]) != NULL) {
            at++;
        } else {
            return false;
        }
    }
    *phrase = '\0';
    return true;
}

static void allow_capability(struct phrases *phrases, const char *name, const char *capability)
{
    char phrase[512];
    bool colour = strncmp(name, "set", 3) == 0;
    int values = strcmp(name, "sgr") == 0 ? 512 : colour ? 256 : 0;
    for (int i = 0; i < values; i++) {
        const char *text = colour
                               ? tparm(capability, i, 0, 0, 0, 0, 0, 0, 0, 0)
                               : tparm(capability, i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1,
                                       i >> 4 & 1, i >> 5 & 1, i >> 6 & 1, i >> 7 & 1, i >> 8 & 1);
        snprintf(phrase, sizeof phrase, "%s", text != NULL ? text : "");
        cut_padding(phrase);
        allow(phrases, phrase);
    }
    if (values > 0 || strlen(capability) >= sizeof phrase || !simplify(capability, phrase)) return;
    cut_padding(phrase);
    allow(phrases, phrase);
}

static void learn(struct phrases *phrases, const char *term)
{
    int error;
    if (setupterm(term, 1, &error) != OK) support_die("there is no terminfo entry for %s", term);
    for (size_t i = 0; i < sizeof painting / sizeof *painting; i++) {
        const char *capability = tigetstr(painting[i]);
        if (capability != NULL && capability != (const char *)-1)
            allow_capability(phrases, painting[i], capability);
    }
    del_curterm(cur_term);
    for (size_t i = 0; i < sizeof on_purpose / sizeof *on_purpose; i++)
        allow(phrases, on_purpose[i]);
}

/* How many bytes the phrase takes here; 0: it doesn't stand here. */
static size_t matches(const char *phrase, const char *bytes, size_t length)
{
    size_t at = 0;
    for (; *phrase != '\0'; phrase++) {
        size_t begin = at;
        if (*phrase != NUMBER) {
            if (at == length || bytes[at++] != *phrase) return 0;
            continue;
        }
        while (at < length && isdigit((unsigned char)bytes[at]))
            at++;
        if (at == begin) return 0;
    }
    return at;
}

static size_t longest_phrase(const struct phrases *phrases, const char *bytes, size_t length)
{
    size_t longest = 0;
    for (size_t i = 0; i < phrases->count; i++) {
        size_t taken = matches(phrases->list[i], bytes, length);
        if (taken > longest) longest = taken;
    }
    return longest;
}

/* How many bytes of harmless text begin here: one character, or none. */
static size_t plain_character(const char *bytes, size_t length)
{
    utf8proc_int32_t character;
    utf8proc_ssize_t taken =
        utf8proc_iterate((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length, &character);
    if (taken <= 0) return 0;
    utf8proc_category_t category = utf8proc_category(character);
    if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CS ||
        category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP)
        return 0;
    /* The marks (U+200E, U+200F, U+061C) are part of right-to-left text, and turn nothing else. */
    bool turns = (character >= 0x202A && character <= 0x202E) ||
                 (character >= 0x2066 && character <= 0x2069);
    return turns ? 0 : (size_t)taken;
}

static char *complaint_at(const char *bytes, size_t length, size_t at)
{
    struct support_buffer shown = {0};
    for (size_t i = at > CONTEXT ? at - CONTEXT : 0; i < length && i < at + CONTEXT; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        char *text = support_format(byte > ' ' && byte < 0x7F ? "%s%c" : "%s\\x%02x",
                                    i == at ? " >>> " : "", byte);
        support_append(&shown, text, strlen(text));
        free(text);
    }
    char *sentence = support_format("no painting at byte %zu: %s", at, shown.bytes);
    free(shown.bytes);
    return sentence;
}

bool spoken_is_known(const char *term)
{
    int error;
    if (setupterm(term, 1, &error) != OK) return false;
    del_curterm(cur_term);
    return true;
}

char *spoken_complaint(const char *term, const char *bytes, size_t length)
{
    struct phrases phrases = {0};
    char *complaint = NULL;
    learn(&phrases, term);
    for (size_t at = 0; at < length && complaint == NULL;) {
        bool printable = (unsigned char)bytes[at] >= ' ';
        size_t taken = printable ? plain_character(bytes + at, length - at)
                                 : longest_phrase(&phrases, bytes + at, length - at);
        if (taken == 0) complaint = complaint_at(bytes, length, at);
        at += taken;
    }
    for (size_t i = 0; i < phrases.count; i++)
        free(phrases.list[i]);
    return complaint;
}
