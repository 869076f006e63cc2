/* What no evidence shows, and is wrong all the same: said at once, and counted. On any thread. */
#ifndef INVONCE_TESTS_LAB_SOAK_COMPLAINT_H
#define INVONCE_TESTS_LAB_SOAK_COMPLAINT_H

__attribute__((format(printf, 1, 2))) void complaint_make(const char *format, ...);
long long complaint_count(void);

#endif
