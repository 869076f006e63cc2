#include "tests/support/headers.h"

#include "tests/support/support.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void headers_add(struct json *headers, const char *line, size_t length)
{
    char *name = support_format("%.*s", (int)length, line);
    char *colon = strchr(name, ':');
    if (colon) {
        *colon = '\0';
        for (char *at = name; *at; at++)
            *at = (char)tolower((unsigned char)*at);
        char *value = colon + 1 + strspn(colon + 1, " \t");
        value[strcspn(value, "\r\n")] = '\0';
        const char *before = headers_get(headers, name);
        char *joined = support_format("%s%s%s", before, *before ? ", " : "", value);
        json_put(headers, name, json_new_string(joined));
        free(joined);
    }
    free(name);
}

const char *headers_get(const struct json *headers, const char *name)
{
    const char *value = json_text(headers, name);
    return value ? value : "";
}
