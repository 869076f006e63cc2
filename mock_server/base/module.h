/* What only few commands need and takes longer to load than the rest of the program: modules, found
 * beside the program, wherever that was put. */
#ifndef INVONCE_MOCK_SERVER_BASE_MODULE_H
#define INVONCE_MOCK_SERVER_BASE_MODULE_H

/* What a module has of that name; `file` from the program's own folder on. NULL, and why (static
 * until the next one): it isn't there. */
void *module_symbol(const char *file, const char *name, const char **why);

#endif
