/* Durations as people write them: "500ms", "2s", "30m", "24h", "3d". */
#ifndef INVONCE_MOCK_SERVER_BASE_DURATION_H
#define INVONCE_MOCK_SERVER_BASE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define DURATION_MAX_MS (INT64_C(3650) * 24 * 3600 * 1000) /* ten years */

/* True when all of `text` is a whole number and a unit, 0 to DURATION_MAX_MS. */
bool duration_parse(const char *text, int64_t *ms);

/* True when all of `text` is a whole number from `min` to `max`. */
bool number_parse(const char *text, int64_t min, int64_t max, int64_t *out);

#endif
