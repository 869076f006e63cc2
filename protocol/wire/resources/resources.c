#include "protocol/wire/resources/resources.h"

#include "protocol/wire/resources/invoice.h"

const struct resource *const RESOURCES[] = {&INVOICE};
const size_t RESOURCE_COUNT = sizeof RESOURCES / sizeof RESOURCES[0];
