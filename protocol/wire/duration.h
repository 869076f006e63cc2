/* Whole numbers, and durations as people write them: "500ms", "2s", "30m", "24h", "3d". */
#ifndef INVONCE_WIRE_DURATION_H
#define INVONCE_WIRE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define DURATION_DAY_MS (INT64_C(24) * 3600 * 1000)
#define DURATION_MAX_MS (3660 * DURATION_DAY_MS) /* ten years */

/* True when all of `text` is a whole number without a sign, from `min` to `max`. */
bool number_parse(const char *text, int64_t min, int64_t max, int64_t *out);

/* The same for a number and its unit; in milliseconds. */
bool duration_parse(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ms);

#endif
