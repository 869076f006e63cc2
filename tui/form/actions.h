/* Every action, its keys, where it is allowed, and its words: the one table that key presses, the
 * key bar and the help are made from. */
#ifndef INVONCE_TUI_ACTIONS_H
#define INVONCE_TUI_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum view {
    VIEW_FORM,
    VIEW_RECORD,
    VIEW_CONFLICT,
    VIEW_ORIGINAL, /* the record that a conflict names */
    VIEW_UNCONFIRMED,
    VIEW_RECENT,
    VIEW_PAST, /* a record that was chosen there */
    VIEW_OUTBOX,
    VIEW_REFUSED,     /* a refusal that was chosen there */
    VIEW_STANDING,    /* the record that it names */
    VIEW_AUDIT,       /* what the server saw: the demonstration's, as all about it */
    VIEW_OFFER,       /* a draft of an earlier run */
    VIEW_FIRST_STEPS, /* what is missing before anything can be created */
    VIEW_HELP,
    VIEWS
};

enum action {
    ACTION_NONE,
    ACTION_SUBMIT,
    ACTION_NEXT,
    ACTION_PREVIOUS,
    ACTION_UP,
    ACTION_DOWN,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_NEW_LINE,
    ACTION_INSERT_LINE,
    ACTION_DUPLICATE_LINE,
    ACTION_DELETE_LINE,
    ACTION_LEFT,
    ACTION_RIGHT,
    ACTION_WORD_LEFT,
    ACTION_WORD_RIGHT,
    ACTION_HOME,
    ACTION_END,
    ACTION_DELETE_BACK,
    ACTION_DELETE,
    ACTION_KILL_TO_END,
    ACTION_KILL_TO_START,
    ACTION_KILL_WORD,
    ACTION_UNDO,
    ACTION_REDO,
    ACTION_COMPLETE,
    ACTION_NEW_INVOICE,
    ACTION_AGAIN,
    ACTION_CREDIT,
    ACTION_EDIT,
    ACTION_SHOW_ORIGINAL,
    ACTION_TRY_NOW,
    ACTION_KEEP,
    ACTION_RECENT,
    ACTION_OPEN,
    ACTION_SORT,
    ACTION_PRINT,
    ACTION_WRITE,
    ACTION_OUTBOX,
    ACTION_RESUME,
    ACTION_TAKE_BACK,
    ACTION_SEEN,
    ACTION_RECOVER,
    ACTION_DISCARD,
    ACTION_LATER,
    ACTION_BACK,
    ACTION_HELP,
    ACTION_REDRAW,
    ACTION_SUSPEND,
    ACTION_QUIT,
    ACTION_AUDIT,
    ACTION_LOSE_REPLY,
    ACTION_DELAY,
    ACTION_FAIL,
    ACTION_HEAL,
    ACTIONS
};

#define ACTION_KEYS_MAX 3

/* What one wants to do. */
enum action_group {
    ACTIONS_TO_SEND,
    ACTIONS_TO_LOOK,
    ACTIONS_TO_MOVE,
    ACTIONS_ON_LINES,
    ACTIONS_TO_CHANGE,
    ACTIONS_OF_PROGRAM,
    ACTIONS_OF_DEMO,
    ACTION_GROUPS
};

struct action_info {
    enum action action;
    uint32_t keys[ACTION_KEYS_MAX]; /* keys.h; letters in lower case; 0: none */
    unsigned views;                 /* bits, 1 << VIEW_FORM */
    bool while_locked;
    const char *label; /* for the key bar; NULL: not on it; "": the resource's WORD_NEW */
    const char *help;
    bool only_in_demo;    /* and in the audit's own list of keys, not on the form's key bar */
    bool takes, yields;   /* on the key bar only where something can be taken, and only where not */
    const char *question; /* asked before it is done, by the same key again; NULL: done at once */
};

/* Rows of the table, from 0; NULL past the last. */
const struct action_info *action_row(size_t index);

/* What it is for, and the words above all that are for it, translated. */
enum action_group action_group(enum action action);
const char *action_group_words(enum action_group group);

/* What `key` does in `view`; ACTION_NONE where it does nothing. */
enum action action_of_key(uint32_t key, enum view view, bool locked);

/* The action's question, translated; NULL: it has none. */
const char *action_question(enum action action);

#endif
