#include "tests/lab/conform/report.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include "protocol/wire/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_begin(struct report *report, const struct run *run, bool is_json)
{
    *report = (struct report){.is_json = is_json, .cases = json_new_array()};
    if (!report->cases) support_die("out of memory");
    if (is_json) return;
    char *url = support_format("%s%s", run->settings->url, run->endpoint->path);
    char *safe = text_safe(url, strlen(url), TEXT_ONE_LINE);
    if (!safe) support_die("out of memory");
    printf("POST %s\n\n", safe);
    free(safe);
    free(url);
}

int report_flush(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return 0;
    return errno != 0 ? errno : EIO;
}

static void print_lines(const char *mark, const struct json *lines)
{
    for (const struct json *line = json_first(lines); line; line = json_next(line))
        printf("        %s %s\n", mark, json_string(line));
}

static void print_body(const char *mark, const char *body)
{
    for (const char *end; *body; body = *end ? end + 1 : end) {
        for (end = body; *end && *end != '\n';)
            end++;
        printf("        %s %.*s\n", mark, (int)(end - body), body);
    }
}

static void print_failure(const struct json *failure)
{
    const struct json *request = json_member(failure, "request");
    const struct json *answer = json_member(failure, "answer");
    printf("      %s\n", json_text(failure, "what"));
    if (!request) return;
    printf("        > %s %s\n", json_text(request, "method"), json_text(request, "url"));
    print_lines(">", json_member(request, "headers"));
    print_body(">", json_text(request, "body"));
    if (json_text(answer, "trouble")) printf("        < (%s)\n", json_text(answer, "trouble"));
    if (json_integer(json_member(answer, "status"), 0) == 0) return;
    printf("        < %d\n", (int)json_integer(json_member(answer, "status"), 0));
    print_lines("<", json_member(answer, "headers"));
    print_body("<", json_text(answer, "body"));
}

static void print(const struct json *entry)
{
    static const char *const words[][2] = {
        {"pass", "pass"}, {"fail", "FAIL"}, {"not_offered", "not offered"}};
    const char *outcome = json_text(entry, "outcome"), *reason = json_text(entry, "reason");
    const char *word = words[0][1];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], outcome) == 0) word = words[i][1];
    printf("%-11s  %-15s  %s\n", word, json_text(entry, "case"),
           reason ? reason : json_text(entry, "title"));
    const struct json *failure = json_first(json_member(entry, "failures"));
    for (; failure; failure = json_next(failure))
        print_failure(failure);
}

void report_add(struct report *report, struct run *run, const struct conform_case *tried)
{
    bool failed = json_count(run->failures) > 0, lacks = !failed && run->lack;
    struct json *entry = json_new_texts("case", tried->name, "title", tried->title, "outcome",
                                        failed  ? "fail"
                                        : lacks ? "not_offered"
                                                : "pass",
                                        "reason", lacks ? run->lack : NULL, NULL);
    entry = json_with(entry, "failures", json_copy(run->failures));
    if (!entry || !json_append(report->cases, entry)) support_die("out of memory");
    report->failed += failed;
    report->not_offered += lacks;
    report->passed += !failed && !lacks;
    if (report->is_json) return;
    print(entry);
    if (report->error == 0) report->error = report_flush();
}

static void print_json(const struct report *report, const struct run *run)
{
    struct json *all = json_new_texts("url", run->settings->url, "path", run->endpoint->path, NULL);
    all = json_with(all, "passed", json_new_integer(report->passed));
    all = json_with(all, "failed", json_new_integer(report->failed));
    all = json_with(all, "not_offered", json_new_integer(report->not_offered));
    all = json_with(all, "cases", json_copy(report->cases));
    char *text = json_to(all);
    puts(text);
    free(text);
    json_free(all);
}

void report_end(struct report *report, const struct run *run)
{
    if (report->is_json)
        print_json(report, run);
    else
        printf("\n%u pass, %u fail, %u not offered\n", report->passed, report->failed,
               report->not_offered);
    if (report->error == 0) report->error = report_flush();
    json_free(report->cases);
    report->cases = NULL;
}
