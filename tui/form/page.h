/* A record as the page that one prints: plain text, 80 columns wide, in the language spoken. */
#ifndef INVONCE_TUI_PAGE_H
#define INVONCE_TUI_PAGE_H

#include "protocol/wire/resource.h"

#include <stdbool.h>
#include <stdio.h>

struct page {
    const struct resource *resource;
    const struct record *record;
    const struct json *payments; /* an array of those made for it; NULL: they aren't told of */
};

/* False, with errno: not all of it could be written. The stream stays open. */
bool page_write(FILE *out, const struct page *page);

#endif
