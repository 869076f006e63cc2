#include "mock_server/engine/ids.h"

#include "protocol/wire/duration.h"

#include <stdio.h>
#include <string.h>

void id_format(const char *prefix, int64_t id, char text[ID_TEXT_SIZE])
{
    snprintf(text, ID_TEXT_SIZE, "%.4s%lld", prefix, (long long)id);
}

bool id_parse(const char *prefix, const char *text, int64_t *id)
{
    size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 && text[length] != '0' &&
           number_parse(text + length, 1, INT64_MAX, id);
}
