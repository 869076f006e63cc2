/* Who is told: addresses that are let through, and signatures. */
#include "mock_server/deliveries/receiver.h"

#include "tests/support/temp_dir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void addresses_are_let_through_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *url, *name; /* NULL: refused */
    } CASES[] = {
        {"https://receiver.example/hook?key=1", "https://receiver.example"},
        {"https://receiver.example:8443/", "https://receiver.example:8443"},
        {"HTTPS://receiver.example", "https://receiver.example"},
        {"http://localhost:9000/hook", "http://localhost:9000"},
        {"http://127.0.0.1/", "http://127.0.0.1"},
        {"http://127.9.8.7:1/", "http://127.9.8.7:1"},
        {"http://[::1]:9000/hook", "http://[::1]:9000"},
        {"https://10.0.0.1/", "https://10.0.0.1"},
        {"http://10.0.0.1/", NULL},
        {"http://127.0.0.1.nip.example/", NULL},
        {"http://localhost.example/", NULL},
        {"http://[::2]/", NULL},
        {"http://[::ffff:10.0.0.1]/", NULL},
        {"http://127.0.0.1@receiver.example/", NULL},
        {"https://ana@receiver.example/", NULL},
        {"https://:secret@receiver.example/", NULL},
        {"https://", NULL},
        {"//receiver.example/hook", NULL},
        {"file:///etc/passwd", NULL},
        {"https://receiver.example:99999/", NULL},
        {"https://receiver example/", NULL},
        {"https://receiver.example/\r\nHost: x", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct receiver receiver;
        char *wrong = receiver_open(&receiver, CASES[i].url, &(struct receiver_files){0});
        if (!CASES[i].name) {
            if (!wrong) fail_msg("%s is let through", CASES[i].url);
            assert_null(receiver.url);
        } else {
            if (wrong) fail_msg("%s: %s", CASES[i].url, wrong);
            assert_string_equal(receiver.name, CASES[i].name);
            assert_string_equal(receiver.url, CASES[i].url);
            assert_int_equal(receiver.is_plain, strncasecmp(CASES[i].url, "http:", 5) == 0);
        }
        free(wrong);
        receiver_clear(&receiver);
    }
}

/* The example of the libraries that the specification's authors publish. */
static void posts_are_signed_as_others_sign_them(void **state)
{
    (void)state;
    static const char SECRET[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
    static const char BODY[] = "{\"test\": 2432232314}";
    char directory[TEMP_DIR_SIZE], signature[SIGNATURE_SIZE];
    temp_dir_make(directory);
    char *path = temp_dir_write(directory, "secret", SECRET, sizeof SECRET - 1);
    struct receiver receiver;
    assert_null(receiver_open(&receiver, "https://receiver.example/",
                              &(struct receiver_files){.secret = path}));
    assert_int_equal(receiver.secret_length, 24);
    assert_true(receiver_sign(&receiver, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY,
                              sizeof BODY - 1, signature));
    assert_string_equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    receiver_clear(&receiver);
    free(path);
    temp_dir_remove(directory);
}

static void base64_is_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length; /* 0: refused */
    } CASES[] = {
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 24},
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", 25},
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 26},
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA===", 0},
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA====", 0},
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 0},
        {"whsec_AAAAAAAAAAAAAAAA AAAAAAAAAAAAAAA", 0},
        {"whsec_AAAAAAAAAAAAAAAA=AAAAAAAAAAAAAAA", 0},
        {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-", 0},
        {"whsec_", 0},
        {"WHSEC_ this is used as it stands", 32},
    };
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char *path = temp_dir_write(directory, "secret", CASES[i].text, strlen(CASES[i].text));
        struct receiver receiver;
        char *wrong = receiver_open(&receiver, "https://receiver.example/",
                                    &(struct receiver_files){.secret = path});
        if (!wrong != (CASES[i].length > 0)) fail_msg("%s: %s", CASES[i].text, wrong);
        assert_int_equal(receiver.secret_length, CASES[i].length);
        receiver_clear(&receiver);
        free(wrong);
        free(path);
    }
    temp_dir_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_let_through_or_not),
        cmocka_unit_test(posts_are_signed_as_others_sign_them),
        cmocka_unit_test(base64_is_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
