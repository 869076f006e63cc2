/* A reply that was cut, as it came over HTTP/1: whether it was the one that came later. */
#ifndef INVONCE_TESTS_LAB_CONFORM_LOST_H
#define INVONCE_TESTS_LAB_CONFORM_LOST_H

#include "tests/support/support.h"

#include <stdbool.h>
#include <stddef.h>

/* True when its body is that, byte for byte; and where it can't be read, as TLS can't. */
bool lost_body_is(const struct support_buffer *lost, const char *body, size_t length);

#endif
