#include "tui/words/words.h"

#include "tui/words/catalog.h"
#include "tui/words/retold.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CATALOG     "LC_MESSAGES/invonce.mo"
#define CONTEXT_END '\004' /* what gettext has between a context and its message */

static bool is_plural_in_english(size_t count)
{
    return count != 1;
}

static bool is_plural_in_portuguese(size_t count)
{
    return count > 1;
}

/* One row a language, and a file po/NAME.po, whose Plural-Forms say the same as the row. */
static const struct language {
    const char *name;
    bool (*is_plural)(size_t count);
    const char *currency; /* what most who speak it write invoices in */
    bool point_parts, day_first;
} languages[] = {
    {"en", is_plural_in_english, "EUR", false, false}, /* what the sources are in */
    {"pt_BR", is_plural_in_portuguese, "BRL", true, true},
};

#define LANGUAGES (sizeof languages / sizeof languages[0])

/* One for the program, as its locale is: set at the start, only read from then on. */
static const struct language *spoken = &languages[0];
static struct catalog catalog;

void words_set_up(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

const char *words_currency(void)
{
    return spoken->currency;
}

bool words_point_parts(void)
{
    return spoken->point_parts;
}

bool words_day_first(void)
{
    return spoken->day_first;
}

static const struct language *find_language(const char *name)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(languages[i].name, name) == 0) return &languages[i];
    return NULL;
}

bool words_has(const char *language)
{
    return find_language(language) != NULL;
}

/* The catalogues are found from the program's own place, so that a build tree and an installation
 * wherever it was put both have theirs; else where this build installs them. */
static bool open_catalog(const char *language)
{
    char path[PATH_MAX + 128];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash) {
        size_t room = sizeof path - (size_t)(slash + 1 - path);
        int written =
            snprintf(slash + 1, room, "%s/%s/%s", INVONCE_LOCALE_FROM_PROGRAM, language, CATALOG);
        if (written > 0 && (size_t)written < room && catalog_open(&catalog, path)) return true;
    }
    snprintf(path, sizeof path, "%s/%s/%s", INVONCE_LOCALE_DIR, language, CATALOG);
    return catalog_open(&catalog, path);
}

bool words_speak(const char *name)
{
    const struct language *language = find_language(name);
    if (!language) return false;
    catalog_close(&catalog);
    bool has_words = language == &languages[0] || open_catalog(name);
    spoken = has_words ? language : &languages[0];
    return true;
}

/* "pt_BR.UTF-8@euro" is ours by its whole name, or by its language alone: pt_PT is nearer to pt_BR
 * than to English. `length` is that of one name in a list. */
static const struct language *language_of_locale(const char *locale, size_t length)
{
    size_t whole = strcspn(locale, ".@:");
    size_t alone = strcspn(locale, "_.@:");
    if (whole > length) whole = length;
    if (alone > length) alone = length;
    for (size_t i = 0; i < LANGUAGES; i++) {
        const char *name = languages[i].name;
        if (strlen(name) == whole && strncmp(name, locale, whole) == 0) return &languages[i];
    }
    for (size_t i = 0; i < LANGUAGES; i++) {
        const char *name = languages[i].name;
        if (strcspn(name, "_") == alone && strncmp(name, locale, alone) == 0) return &languages[i];
    }
    return NULL;
}

static const char *environment_locale(const char *category)
{
    const char *const names[] = {"LC_ALL", category, "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return "C";
}

/* As gettext has it: LANGUAGE is a list that goes before the locale, unless that is the plain C. */
const char *words_of_environment(void)
{
    const char *locale = environment_locale("LC_MESSAGES");
    const char *list = getenv("LANGUAGE");
    bool plain = strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
    while (!plain && list && *list) {
        size_t length = strcspn(list, ":");
        const struct language *language = language_of_locale(list, length);
        if (language) return language->name;
        list += length + (list[length] == ':');
    }
    const struct language *language = language_of_locale(locale, strlen(locale));
    return language ? language->name : languages[0].name;
}

const char *words_other_charset(void)
{
    const char *locale = environment_locale("LC_CTYPE");
    const char *dot = strchr(locale, '.');
    if (!dot || strncasecmp(dot + 1, "UTF-8", 5) == 0 || strncasecmp(dot + 1, "UTF8", 4) == 0)
        return NULL;
    return dot + 1;
}

const char *words_in(const char *text)
{
    const char *found = *text ? catalog_find(&catalog, text, 0) : NULL;
    if (found) return found;
    const char *context = strchr(text, CONTEXT_END);
    return context ? context + 1 : text;
}

const char *words_plural(const char *one, const char *many, size_t count)
{
    bool plural = spoken->is_plural(count);
    const char *found = catalog_find(&catalog, one, plural);
    return found ? found : plural ? many : one;
}

char *words_retold(const char *sentence)
{
    return retold(&catalog, sentence);
}
