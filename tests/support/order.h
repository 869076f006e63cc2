/* A resource that only the tests have: what a second one takes is its row. */
#ifndef INVONCE_TESTS_ORDER_H
#define INVONCE_TESTS_ORDER_H

#include "protocol/wire/resource.h"

extern const struct resource ORDER;

#endif
