/* What goes wrong in a soak, one thing after the other and several at once. */
#ifndef INVONCE_TESTS_LAB_SOAK_HARM_H
#define INVONCE_TESTS_LAB_SOAK_HARM_H

#include "tests/lab/soak/dice.h"
#include "tests/lab/soak/field.h"

/* Does something; sooner what must still happen. */
void harm_something(struct field *field, struct dice *dice);

/* Whether something must. */
bool harm_is_missing(const struct field *field);

#endif
