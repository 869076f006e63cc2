/* What is put under programs by LD_PRELOAD: the test clock under every one that a test program
 * starts, and more where a test asks for it. By their bare names, found through LD_LIBRARY_PATH: a
 * path in LD_PRELOAD would end at its first blank. */
#ifndef INVONCE_TESTS_SUPPORT_PRELOAD_H
#define INVONCE_TESTS_SUPPORT_PRELOAD_H

#include <stdbool.h>
#include <stddef.h>

/* In place of ASAN_OPTIONS: no check for leaks. A sanitizer that isn't loaded first says so without
 * the second option. */
#define PRELOAD_ASAN_NO_LEAKS "ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0"

/* A program may have this: where it says so, by its arguments, nothing is put under anything, and
 * the clock is the machine's. Called before main. */
__attribute__((weak)) bool preload_is_unwanted(int argc, char *const *argv);

/* "LD_PRELOAD=…" with that library of tests/ too: "failing-disk". The caller's to free. */
char *preload_variable(const char *library);

/* The variables of our own environment that a program needs which is started with another one: the
 * above, the clock, its zone, and what sanitizers are told. Each the caller's to free; how many. */
#define PRELOAD_VARIABLES_MAX 8
size_t preload_environment(char *variables[PRELOAD_VARIABLES_MAX]);

#endif
