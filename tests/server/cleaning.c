#include "tests/server/cleaning.h"

#define WORDS_MAX 24

/* argv; the URL is the caller's. */
static void make_argv(const char *argv[WORDS_MAX + 6], const char *url, const char *const *words)
{
    size_t count = 0;
    argv[count++] = mock_program();
    for (size_t i = 0; words[i]; i++) {
        assert_true(i < WORDS_MAX);
        argv[count++] = words[i];
    }
    argv[count++] = "--store";
    argv[count++] = url;
    argv[count++] = "--tenant";
    argv[count++] = "north";
    argv[count] = NULL;
}

void cleaning_start(struct process *process, const struct mock *mock, const char *const *words)
{
    const char *argv[WORDS_MAX + 6];
    char *url = stores_url(mock->store);
    make_argv(argv, url, words);
    process_start(process, argv, NULL);
    free(url);
}

struct process_result cleaning_run(const struct mock *mock, int code, const char *const *words)
{
    const char *argv[WORDS_MAX + 6];
    char *url = stores_url(mock->store);
    make_argv(argv, url, words);
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    free(url);
    if (result.code != code) print_error("%s%s", result.output, result.errors);
    assert_int_equal(result.code, code);
    return result;
}

char *cleaning_import(const struct mock *mock, int code, const char *name, const char *text)
{
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *file = temp_dir_write(directory, name, text, strlen(text));
    struct process_result result = cleaning_run(mock, code, WORDS("import", "--by", "carla", file));
    char *errors = strdup(result.errors);
    process_result_clear(&result);
    free(file);
    temp_dir_remove(directory);
    return errors;
}

void cleaning_add(struct support_buffer *file, const char *number, const char *changes)
{
    char *body = sample_body(number, changes);
    support_append(file, body, strlen(body));
    support_append(file, "\n", 1);
    free(body);
}
