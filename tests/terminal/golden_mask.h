/* What changes from run to run on a golden screen. */
#ifndef INVONCE_TESTS_TERMINAL_GOLDEN_MASK_H
#define INVONCE_TESTS_TERMINAL_GOLDEN_MASK_H

/* Masks, in a row of the screen, keys, shortened keys and ports by as many places, and the seconds
 * behind the words `saving` by one. Dates and times are the test clock's, which stands still. */
void golden_mask(char *text, const char *saving);

#endif
