#include "mock_server/store/driver.h"

#include <string.h>

const char *store_values_write(const struct store_value values[STORE_VALUES_MAX],
                               struct buffer *buffer)
{
    buffer->length = 0;
    for (int i = 0; i < STORE_VALUES_MAX && values[i].name; i++) {
        buffer_text(buffer, i == 0 ? "{" : ",");
        buffer_string(buffer, values[i].name, strlen(values[i].name));
        buffer_text(buffer, ":");
        if (values[i].text) {
            buffer_string(buffer, values[i].text, strlen(values[i].text));
        } else {
            buffer_number(buffer, values[i].number);
        }
    }
    if (buffer->length == 0) {
        return NULL;
    }
    buffer_append(buffer, "}", sizeof "}");
    return buffer->failed ? NULL : buffer->bytes;
}

struct json *store_values_read(const char *text, struct store_value values[STORE_VALUES_MAX])
{
    struct json *json = text ? json_read(text, strlen(text)) : NULL;
    int count = 0;
    for (const struct json *member = json_first(json); member && count < STORE_VALUES_MAX;
         member = json_next(member)) {
        values[count++] = (struct store_value){.name = json_name(member),
                                               .text = json_string(member),
                                               .number = json_integer(member, 0)};
    }
    return json;
}
