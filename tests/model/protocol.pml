/* The protocol of protocol/RULES.md (3 and 8): two clients with journals, a network that loses,
 * copies and delays, two servers on one store. Each client and server may crash between any two
 * steps, and starts again. A transaction of the store is one step, as the store makes it one; what
 * nobody here decides may happen at any moment: a lease ends, a lifetime ends, a budget is spent.
 *
 * -DNO_... leaves out one rule, and the model has a counter-example: README.md says which.
 * -DSCENARIO=... is one of the five below; else all are looked at.
 * -DEPISODES=N is for simulations: that many runs, one after the other. */

/* Request 0 is what client 0 sends, request 1 what client 1 does, or client 0 under a second key.
 * A body is an intent: no two intents have the same. */
#define ALONE       0 /* one client */
#define REFUSED     1 /* one client, whose token is refused at times */
#define SAME        2 /* one key and body from two machines: one intent */
#define OTHER_BODY  3 /* one key for two bodies */
#define SAME_NUMBER 4 /* two keys, two bodies, one number; the unique constraint is on */
byte scenario;

#define IS_ALONE (scenario == ALONE || scenario == REFUSED)
#define KEY(r)   ((scenario == SAME || scenario == OTHER_BODY) -> 0 : (r))
#define BODY(r)  ((IS_ALONE || scenario == SAME) -> 0 : (r))

mtype = {
    /* submission.state, as far as it can be told apart from outside; and down */
    down, editing, recording, recorded, sending, created, conflict, rejected, unconfirmed,
    /* a key's row */
    absent, in_progress, completed,
    /* a server: half is with the row in, and its key not yet completed */
    idle, claimed, half,
    /* what comes of a request, beside created, conflict and claimed */
    replayed, mismatch, busy, refused, stranger,
    /* what a server does */
    claim, create, complete, complete_key, refuse, crash_in_claim, crash_in_create, crash_server,
    nothing
};

/* What lasts. */
byte rows[2];              /* by body: how many records there are */
mtype key_state[2];
bit key_body[2];           /* the fingerprint */
byte key_owner[2];         /* in progress: server + 1 */
bit key_over[2];           /* its lease or its lifetime is over */
mtype key_holds[2];        /* completed: created or conflict */
mtype journal[2];          /* nothing, recorded, or how it was settled */
mtype told[2];             /* what a person was told for good, or nothing */

/* What a crash takes. */
mtype client[2];
bit may_exist[2];
mtype answer[2];           /* on its way to the attempt that is sending */
mtype server[2];
byte working_on[2];        /* claimed, half: the request */

/* The network, and what is left to happen. */
byte copies[2];            /* by request, on their way: none, one, or (2) any number for good */
byte mine[2];              /* by client: the request that it sends */
bit stolen;                /* a server that was taken over has committed all the same */
bit quiet;                 /* faults have stopped */
byte sends[2];             /* since then */

/* Simulations would crash for ever. */
#define CLIENTS 0
#define SERVERS 1
#ifdef EPISODES
short episodes, steps, crashes[2];
#define MAY_CRASH(who) (!quiet && crashes[who] < 3)
#define CRASHED(who)   crashes[who]++
#define MAY_QUIETEN    (!quiet && steps >= 40)
#else
#define MAY_CRASH(who) (!quiet)
#define CRASHED(who)   skip
#define MAY_QUIETEN    (!quiet)
#endif

#define IS_SETTLED(state) (state == created || state == conflict || state == rejected)

inline tell()
{
    printf(" | %d %d | %e %d %d %d %e | %e %d %d %d %e | %e %d %e %e | %e %d %e %e\n", rows[0],
           rows[1], key_state[0], key_body[0], key_owner[0], key_over[0], key_holds[0],
           key_state[1], key_body[1], key_owner[1], key_over[1], key_holds[1], client[0],
           may_exist[0], journal[0], told[0], client[1], may_exist[1], journal[1], told[1])
}

/* Now, or by what happens later. */
#define IS_TRUE(c)                                                                                 \
    (told[c] == nothing || (told[c] == created && rows[BODY(c)] == 1) ||                           \
     (told[c] == rejected && rows[BODY(c)] == 0) ||                                                \
     (told[c] == conflict && rows[BODY(c)] == 0 && rows[1 - BODY(c)] == 1))

/* Behind each step. */
inline done()
{
    tell();
#ifdef EPISODES
    steps++;
#endif
    assert(rows[0] <= 1 && rows[1] <= 1); /* at most one record an intent */
    assert(IS_TRUE(0) && IS_TRUE(1)); /* nobody is told a lie */
    assert(!stolen); /* who was taken over commits nothing */
    assert(sends[0] <= 2 && sends[1] <= 2) /* two attempts are enough once faults have stopped */
}

/* --- clients --- */

/* Whether an answer settles the intent, and how. */
#define IS_DEFINITE(it) (it == created || it == replayed || it == conflict || it == mismatch)
#ifdef NO_DOUBT
#define SETTLES(c) (IS_DEFINITE(answer[c]) || answer[c] == refused)
#else
#define SETTLES(c) (IS_DEFINITE(answer[c]) || (answer[c] == refused && !may_exist[c]))
#endif
#define VERDICT(c)                                                                                 \
    (answer[c] == conflict -> conflict :                                                           \
     (answer[c] == mismatch || answer[c] == refused -> rejected : created))

#define IS_NO_ANSWER(c)                                                                            \
    (answer[c] == busy || answer[c] == stranger || (answer[c] == nothing && copies[mine[c]] == 0))

/* Without a key that is durable before the first send. */
#ifdef NO_DURABLE_KEY
#define MAY_SEND(c) (client[c] == recorded || client[c] == recording)
#else
#define MAY_SEND(c) (client[c] == recorded)
#endif

/* Nobody who is alive works on its key, and whoever is dead may be taken over. */
#define IS_AT_REST(r)                                                                              \
    (key_state[KEY(r)] != in_progress ||                                                           \
     (key_over[KEY(r)] && server[key_owner[KEY(r)] - 1] == idle))

#ifdef NO_SETTLE_FIRST
#define MAY_TELL(c)   (client[c] == sending && SETTLES(c))
#define TO_BE_TOLD(c) VERDICT(c)
#define MAY_SETTLE(c) (IS_SETTLED(client[c]) && !IS_SETTLED(journal[c]))
#define TO_SETTLE(c)  client[c]
#define HAS_ENDED(c)  IS_SETTLED(journal[c])
#else
#define MAY_TELL(c)   (client[c] == sending && IS_SETTLED(journal[c]))
#define TO_BE_TOLD(c) journal[c]
#define MAY_SETTLE(c) (client[c] == sending && SETTLES(c) && !IS_SETTLED(journal[c]))
#define TO_SETTLE(c)  VERDICT(c)
#define HAS_ENDED(c)  IS_SETTLED(client[c])
#endif

proctype Client(byte c)
{
end:
    do
    :: atomic {
           if
           :: client[c] == editing ->
              if /* a key that was never sent is nobody's yet: it stands for the next one drawn */
              :: mine[c] == 0 && copies[0] > 0 && IS_ALONE -> mine[c] = 1
              :: else
              fi;
              client[c] = recording;
              printf("press %d", c)
           :: client[c] == recording ->
              journal[c] = recorded;
              client[c] = recorded;
              printf("record %d", c)
           :: MAY_SEND(c) && (!quiet || IS_AT_REST(mine[c])) ->
              copies[mine[c]] = (copies[mine[c]] == 0 -> 1 : 2);
              client[c] = sending;
              sends[c] = (quiet -> sends[c] + 1 : 0);
              printf("send %d %d", c, mine[c])
           :: client[c] == recorded && !quiet -> /* it can't be: no connection */
              if
              :: skip
              :: client[c] = unconfirmed
              fi;
              printf("unreachable %d", c)
           :: client[c] == sending && !IS_SETTLED(journal[c]) && (!quiet || IS_NO_ANSWER(c)) ->
              may_exist[c] = 1;
              answer[c] = nothing;
              if /* the budget may be spent */
              :: client[c] = recorded
              :: client[c] = unconfirmed
              fi;
              printf("no_answer %d", c)
           :: client[c] == sending && answer[c] == refused && !SETTLES(c) ->
              answer[c] = nothing;
              client[c] = unconfirmed;
              printf("doubt %d", c)
           :: MAY_SETTLE(c) ->
              journal[c] = TO_SETTLE(c);
              printf("settle %d", c)
           :: MAY_TELL(c) ->
              told[c] = TO_BE_TOLD(c);
              client[c] = told[c];
              may_exist[c] = 0;
              answer[c] = nothing;
              printf("answer %d", c)
           :: client[c] == unconfirmed ->
              client[c] = recorded;
              printf("try_now %d", c)
           :: client[c] != down && client[c] != nothing && !HAS_ENDED(c) && MAY_CRASH(CLIENTS) ->
              client[c] = down;
              may_exist[c] = 0;
              answer[c] = nothing;
              CRASHED(CLIENTS);
              printf("crash_client %d", c)
           :: client[c] == down ->
              if
              :: journal[c] == nothing -> client[c] = editing
              :: journal[c] == recorded -> client[c] = recorded; may_exist[c] = 1
              :: IS_SETTLED(journal[c]) -> client[c] = journal[c]; told[c] = journal[c]
              fi;
              printf("start_client %d", c)
           fi;
           done()
       }
    od
}

/* --- servers --- */

/* While faults last, any time; then only to whoever waits. */
#define IS_AWAITED(r, c)                                                                           \
    (mine[c] == r && client[c] == sending && answer[c] == nothing && !IS_SETTLED(journal[c]))
#define MAY_ARRIVE(r) (copies[r] > 0 && (!quiet || IS_AWAITED(r, 0) || IS_AWAITED(r, 1)))

/* Where the network copies a request, it isn't so that one copy is refused and another carried out,
 * unless the client knows of an attempt before: it can't tell. */
#ifdef COPIES_REFUSED
#define MAY_REFUSE(r) (scenario == REFUSED && !quiet)
#else
#define MAY_REFUSE(r) (scenario == REFUSED && !quiet && (copies[r] == 1 || may_exist[0]))
#endif

#ifdef NO_FINGERPRINT
#define IS_OTHER(r) false
#else
#define IS_OTHER(r) (key_body[KEY(r)] != BODY(r))
#endif

#ifdef NO_LEASE
#define IS_LEFT(r) false
#else
#define IS_LEFT(r) (key_over[KEY(r)] == 1)
#endif

#if defined(NO_FENCE)
#define IS_OURS(s, r) true
#elif defined(NO_OWNER)
#define IS_OURS(s, r) (key_state[KEY(r)] == in_progress)
#else
#define IS_OURS(s, r) (key_state[KEY(r)] == in_progress && key_owner[KEY(r)] == s + 1)
#endif

/* What comes to a server, and what it does with it. */
inline receive()
{
    if
    :: doing = claim  /* for work that takes time: create_once_claim, and create_once then */
    :: doing = create /* all in one transaction: create_once */
    :: MAY_REFUSE(r) -> doing = refuse
    :: MAY_CRASH(SERVERS) -> doing = crash_in_claim
    :: MAY_CRASH(SERVERS) -> doing = crash_in_create
    fi
}

inline take()
{
    key_state[KEY(r)] = in_progress;
    key_owner[KEY(r)] = s + 1;
    key_over[KEY(r)] = 0;
    result = claimed
}

/* What its key says. */
inline judge()
{
    if
    :: doing == complete && IS_OURS(s, r) -> result = claimed
    :: !(doing == complete && IS_OURS(s, r)) && key_state[KEY(r)] == absent ->
       key_body[KEY(r)] = BODY(r);
       take()
    :: !(doing == complete && IS_OURS(s, r)) && key_state[KEY(r)] != absent ->
       if
       :: IS_OTHER(r) -> result = mismatch
       :: !IS_OTHER(r) && key_state[KEY(r)] == in_progress ->
          if
          :: IS_LEFT(r) -> take() /* take_over */
          :: else -> result = busy
          fi
       :: !IS_OTHER(r) && key_state[KEY(r)] == completed ->
          result = (key_holds[KEY(r)] == conflict -> conflict : replayed);
          result = (key_body[KEY(r)] != BODY(r) -> stranger : result)
       fi
    fi
}

inline complete_with(it)
{
    key_state[KEY(r)] = completed;
    key_owner[KEY(r)] = 0;
    key_over[KEY(r)] = 0;
    key_holds[KEY(r)] = it;
    result = it;
    server[s] = idle
}

/* The key is ours: the row, and with it the key. */
inline carry_out()
{
#ifndef NO_FENCE
    stolen = (key_owner[KEY(r)] != s + 1);
#endif
    if
    :: scenario == SAME_NUMBER && rows[0] + rows[1] > 0 -> complete_with(conflict)
    :: else ->
       rows[BODY(r)]++;
#ifdef NO_ONE_TRANSACTION
       server[s] = half;
       result = half
#else
       complete_with(created)
#endif
    fi
}

/* To whoever sent the request and waits. */
inline reply()
{
    if
    :: mine[0] == r && client[0] == sending && !IS_SETTLED(journal[0]) -> answer[0] = result
    :: mine[1] == r && client[1] == sending && !IS_SETTLED(journal[1]) -> answer[1] = result
    :: else
    fi
}

proctype Server(byte s)
{
    byte r;
    mtype doing = nothing, result = nothing;
end:
    do
    :: atomic {
           if
           :: server[s] == idle && MAY_ARRIVE(0) -> r = 0; receive()
           :: server[s] == idle && MAY_ARRIVE(1) -> r = 1; receive()
           :: server[s] == claimed -> r = working_on[s]; doing = complete
#ifdef NO_ONE_TRANSACTION
           :: server[s] == half -> r = working_on[s]; doing = complete_key
#endif
           :: server[s] != idle && MAY_CRASH(SERVERS) -> r = working_on[s]; doing = crash_server
           fi;
           if
           :: doing == claim || doing == create || doing == complete ->
              copies[r] = 2;
              judge();
              if
              :: result == claimed && doing == claim -> server[s] = claimed
              :: result == claimed && doing != claim -> carry_out()
              :: else -> server[s] = idle
              fi
#ifdef NO_ONE_TRANSACTION
           :: doing == complete_key -> complete_with(created)
#endif
           :: doing == refuse ->
              copies[r] = (copies[r] == 1 -> 0 : 2);
              result = refused
           :: else ->
              server[s] = idle;
              CRASHED(SERVERS)
           fi;
           if
           :: server[s] == idle && result != nothing -> reply()
           :: else
           fi;
           working_on[s] = (server[s] == idle -> 0 : r);
           printf("%e %d %d %e", doing, s, r, result);
           r = 0;
           doing = nothing;
           result = nothing;
           done()
       }
    od
}

/* --- time, and the end --- */

#define IS_RUNNING(k) (key_state[k] == in_progress && !key_over[k])
#define IS_SAVED(k)   (key_state[k] == completed && !key_over[k])
#define IS_ENDED(c)   (IS_SETTLED(told[c]) || client[c] == nothing)

inline end_lifetime(k)
{
#ifdef NO_TOMBSTONE
    key_holds[k] = (key_state[k] == completed -> nothing : key_holds[k]);
    key_state[k] = (key_state[k] == completed -> absent : key_state[k]);
#endif
    key_over[k] = (key_state[k] != absent)
}

inline begin()
{
#ifdef SCENARIO
    scenario = SCENARIO;
#else
    if
    :: scenario = ALONE
    :: scenario = REFUSED
    :: scenario = SAME
    :: scenario = OTHER_BODY
    :: scenario = SAME_NUMBER
    fi;
#endif
    rows[0] = 0; rows[1] = 0;
    key_state[0] = absent; key_state[1] = absent;
    key_body[0] = 0; key_body[1] = 0;
    key_owner[0] = 0; key_owner[1] = 0;
    key_over[0] = 0; key_over[1] = 0;
    key_holds[0] = nothing; key_holds[1] = nothing;
    journal[0] = nothing; journal[1] = nothing;
    told[0] = nothing; told[1] = nothing;
    client[0] = editing; client[1] = (IS_ALONE -> nothing : editing);
    may_exist[0] = 0; may_exist[1] = 0;
    answer[0] = nothing; answer[1] = nothing;
    server[0] = idle; server[1] = idle;
    working_on[0] = 0; working_on[1] = 0;
    copies[0] = 0; copies[1] = 0;
    mine[0] = 0; mine[1] = 1;
    quiet = 0;
    sends[0] = 0; sends[1] = 0;
#ifdef EPISODES
    steps = 0;
    crashes[0] = 0; crashes[1] = 0;
#endif
    printf("begin %d", scenario);
    tell()
}

init
{
    atomic {
        begin();
        run Client(0); run Client(1); run Server(0); run Server(1)
    };
end:
    do
    :: atomic { /* alive, a server is done within its lease */
           (IS_RUNNING(0) || IS_RUNNING(1)) &&
           (!quiet || (server[0] != claimed && server[1] != claimed)) ->
           key_over[0] = (key_state[0] == in_progress || key_over[0]);
           key_over[1] = (key_state[1] == in_progress || key_over[1]);
           printf("lease_over");
           tell()
       }
    :: atomic { (IS_SAVED(0) || IS_SAVED(1)) && !quiet ->
           end_lifetime(0);
           end_lifetime(1);
           printf("expire");
           tell()
       }
    :: atomic { MAY_QUIETEN ->
           quiet = 1;
           printf("quiet");
           tell()
       }
    :: atomic { timeout -> /* nothing is left to do */
           assert(IS_ENDED(0) && IS_ENDED(1)); /* every intent is settled once faults have stopped */
           assert(key_state[0] != in_progress && key_state[1] != in_progress); /* no key is left in progress */
#ifdef EPISODES
           episodes++;
           if
           :: episodes < EPISODES -> begin()
           :: else -> break
           fi
#else
           break
#endif
       }
    od
}
