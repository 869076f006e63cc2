/* A reply that was cut, as it came over HTTP/1: whether it was the one that came later. */
#ifndef INVONCE_TESTS_LAB_CONFORM_LOST_H
#define INVONCE_TESTS_LAB_CONFORM_LOST_H

#include "tests/support/support.h"

#include <stdbool.h>
#include <stddef.h>

/* False for TLS, which goes through as it is. */
bool lost_can_be_read(const struct support_buffer *lost);

/* It says where it ends, and it has come to that. */
bool lost_is_whole(const struct support_buffer *lost);

/* True when its body is that, byte for byte; and where it can't be read. */
bool lost_body_is(const struct support_buffer *lost, const char *body, size_t length);

#endif
