/* invonce-lab conform: whether a server keeps what the contract says of idempotency. */
#ifndef INVONCE_TESTS_LAB_CONFORM_CONFORM_H
#define INVONCE_TESTS_LAB_CONFORM_CONFORM_H

/* argv[0] is its name. The exit code: 0 all that is offered passes, 1 something doesn't, 2 it is
 * called wrongly. */
int conform_main(int argc, char **argv);

#endif
