/* Totals by EN 16931, computed anew: nothing of it is shared with the programs that are judged. */
#ifndef INVONCE_TESTS_LAB_ARITHMETIC_H
#define INVONCE_TESTS_LAB_ARITHMETIC_H

#include "protocol/wire/json.h"
#include <stdbool.h>

/* Whether an invoice's record adds up: each line's net (BT-131), net (BT-109), tax (BT-110, rounded
 * for each rate, BT-117) and gross (BT-112), written with the decimals of its currency. */
bool arithmetic_agrees(const struct json *record);

#endif
