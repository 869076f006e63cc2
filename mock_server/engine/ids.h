/* Record ids as the API writes them: "inv_1007", "cus_12", "pay_3". */
#ifndef INVONCE_MOCK_SERVER_ENGINE_IDS_H
#define INVONCE_MOCK_SERVER_ENGINE_IDS_H

#include <stdbool.h>
#include <stdint.h>

#define ID_TEXT_SIZE 32

void id_format(const char *prefix, int64_t id, char text[ID_TEXT_SIZE]);

/* True when all of `text` is the one spelling of an id. */
bool id_parse(const char *prefix, const char *text, int64_t *id);

#endif
