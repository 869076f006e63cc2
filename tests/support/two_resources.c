/* What a test build has in place of the programs' own list of resources. */
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/resources/resources.h"
#include "tests/support/order.h"

const struct resource *const RESOURCES[] = {&INVOICE, &ORDER};
const size_t RESOURCE_COUNT = sizeof RESOURCES / sizeof RESOURCES[0];
