/* A run of the laboratory is a process of its own, in a folder of its own: however it ends, what it
 * started ends with it and the folder is removed. */
#ifndef INVONCE_TESTS_LAB_KEEPER_H
#define INVONCE_TESTS_LAB_KEEPER_H

/* Has `work` done, with TMPDIR in that folder; its exit code, 128 + the signal that ended it or us
 * (SIGINT, SIGTERM, SIGHUP), or 1 where it can't be begun, which is said. With no threads yet. */
int keeper_run(int (*work)(int argc, char **argv), int argc, char **argv);

/* The exit code, or 1, which is said, where standard output didn't take all of it. */
int keeper_end_output(int code);

#endif
