/* Invoices to send: one good one, and changes of it. */
#ifndef INVONCE_TESTS_SUPPORT_SAMPLE_H
#define INVONCE_TESTS_SUPPORT_SAMPLE_H

#include "protocol/wire/json.h"

/* A valid request with that number: EUR, one line of 1.5 x 120.00 at 21 % (gross 217.80), no
 * external reference. New reference. */
struct json *sample_invoice(const char *number);

/* The same as text, with the members in `changes` (JSON text of an object, NULL: none) in place of
 * its own; null removes a member. The caller's to free. */
char *sample_body(const char *number, const char *changes);

#endif
