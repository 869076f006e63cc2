/* What a setting's value can be: how it is read, and what it is called. */
#ifndef INVONCE_TUI_SETTING_VALUE_H
#define INVONCE_TUI_SETTING_VALUE_H

#include <stdbool.h>

enum value_kind {
    VALUE_TEXT,     /* as it stands: there is nothing to read */
    VALUE_FLAG,     /* bool */
    VALUE_DURATION, /* int64_t, ms; up to a day */
    VALUE_AGE,      /* int64_t, ms; up to ten years */
    VALUE_COUNT,    /* int64_t, 1 to 64 */
    VALUE_LANGUAGE, /* only whether it is known */
};

/* Reads any but a text into what the kind's type is. False: it can't be. */
bool value_read(enum value_kind kind, const char *text, void *out);

/* What it should be, translated: "yes or no". */
const char *value_is(enum value_kind kind);

#endif
