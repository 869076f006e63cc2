/* What a setting of the test clock says, read; for those that make the clock. */
#ifndef INVONCE_TESTS_SUPPORT_TEST_CLOCK_SETTING_H
#define INVONCE_TESTS_SUPPORT_TEST_CLOCK_SETTING_H

#include <stdbool.h>

struct test_clock_setting {
    long long seconds; /* from the machine's clock; of one that stands: since 1970 */
    bool stands;
    long looks; /* 0: always as above */
    long long later;
};

/* False when the text is none of a setting's forms but a file's. */
bool test_clock_read(const char *text, struct test_clock_setting *setting);

/* This program's clock is so from now on. */
void test_clock_use(const struct test_clock_setting *setting);

#endif
