/* A certificate that a server of a test shows for 127.0.0.1, and its key. */
#ifndef INVONCE_TESTS_SUPPORT_CERTIFICATE_H
#define INVONCE_TESTS_SUPPORT_CERTIFICATE_H

#include "tests/support/temp_dir.h"

#include <stdbool.h>

struct certificate {
    char directory[TEMP_DIR_SIZE];
    char *path, *key_path; /* PEM files in it */
};

/* Signed by itself, good from yesterday to tomorrow. To be cleared. */
void certificate_make(struct certificate *certificate);

/* The same from and until so many days from now; `named` false: it says nowhere for whom. */
void certificate_make_for(struct certificate *certificate, int from_day, int until_day, bool named);

void certificate_clear(struct certificate *certificate);

#endif
