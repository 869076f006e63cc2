/* Which layers a store was made without, in words. */
#include "mock_server/store/driver.h"

#include <stdio.h>

static const struct {
    enum store_layer layer;
    const char *option;
} LAYERS[] = {{STORE_NO_UNIQUE, "--without unique"},
              {STORE_NO_IDEMPOTENCY, "--without idempotency"}};

static void describe_layers(unsigned layers, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof LAYERS / sizeof LAYERS[0]; i++) {
        if (layers & (unsigned)LAYERS[i].layer) {
            int added =
                snprintf(text + length, size - length, "%s%s", length ? " " : "", LAYERS[i].option);
            length += added > 0 ? (size_t)added : 0;
        }
    }
    if (length == 0) {
        snprintf(text, size, "every layer");
    }
}

void store_refuse_layers(const char *name, unsigned made, unsigned without,
                         char message[STORE_MESSAGE_MAX])
{
    char then[80], now[80];
    describe_layers(made, then, sizeof then);
    describe_layers(without, now, sizeof now);
    snprintf(message, STORE_MESSAGE_MAX,
             "%s was made with %s and cannot be opened with %s: use another store", name, then,
             now);
}
