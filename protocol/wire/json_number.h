/* A double as JSON has it: the fewest digits that read back as the same, laid out as ECMA-262's
 * Number::toString does (RFC 8785, section 3.2.2.3). */
#ifndef INVONCE_WIRE_JSON_NUMBER_H
#define INVONCE_WIRE_JSON_NUMBER_H

#include "protocol/wire/buffer.h"

/* What is not finite fails the buffer: no JSON text stands for it. */
void buffer_json_number(struct buffer *out, double value);

#endif
