/* The one clock of all tests. A test program, and every program that it starts (by LD_PRELOAD), has
 * it in place of the machine's: time(), gettimeofday() and clock_gettime(CLOCK_REALTIME), and with
 * them all that shows a date or a time. Monotonic clocks are the machine's.
 *
 * INVONCE_TEST_CLOCK says what it shows:
 *   2026-12-31T23:59:50Z    it goes on from that instant, when a test program starts
 *   =2026-12-31T23:59:50Z   it stands still there
 *   +SECONDS -SECONDS       so far from the machine's clock; "+5,100,-5": and from the 101st look
 *                           at it on, as the second says
 *   /FILE                   what the first line of that file says, whenever it is looked at
 *   real                    it is the machine's, and put under no program: for benchmarks
 * Without it, it goes on from TEST_CLOCK_START. */
#ifndef INVONCE_TESTS_SUPPORT_TEST_CLOCK_H
#define INVONCE_TESTS_SUPPORT_TEST_CLOCK_H

#define TEST_CLOCK_VARIABLE "INVONCE_TEST_CLOCK"
#define TEST_CLOCK_START    "2026-11-22T10:02:11Z"

/* Sets the clock, as above, for this program and for those that it starts from now on; called
 * again, all of them have it so at once. Not while another thread starts programs. */
void test_clock_set(const char *setting);

/* "INVONCE_TEST_CLOCK=…" for a program that has a clock of its own, so many seconds from ours, once
 * it has looked at it `looks` times; before, as ours. The caller's to free. */
char *test_clock_other(long long seconds, long looks);

#endif
