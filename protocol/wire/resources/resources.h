/* Every resource there is. */
#ifndef INVONCE_WIRE_RESOURCES_RESOURCES_H
#define INVONCE_WIRE_RESOURCES_RESOURCES_H

#include "protocol/wire/resource.h"

extern const struct resource *const RESOURCES[];
extern const size_t RESOURCE_COUNT;

#endif
