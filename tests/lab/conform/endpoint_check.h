/* Whether a case file may say what it says. */
#ifndef INVONCE_TESTS_LAB_CONFORM_ENDPOINT_CHECK_H
#define INVONCE_TESTS_LAB_CONFORM_ENDPOINT_CHECK_H

#include "protocol/wire/json.h"

#include <stdbool.h>

/* What there is to refuse, and its status unless the file says another; a name that is NULL ends
 * the list. */
struct endpoint_refusal {
    const char *name;
    int status;
};
extern const struct endpoint_refusal ENDPOINT_REFUSALS[];

/* False: a sentence says on standard error why not. */
bool endpoint_check(const struct json *document, const char *file);

/* Says it, of that file, with what came from it made safe. False, always. */
__attribute__((format(printf, 2, 3))) bool endpoint_wrong(const char *file, const char *format,
                                                          ...);

#endif
