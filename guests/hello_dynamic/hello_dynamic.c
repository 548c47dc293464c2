// Greets through a shared library, on two threads; ends with how often the first one greeted.
#include <stdio.h>
#include <threads.h>

#include "greet.h"

static _Thread_local int mine = 7;

static int run(void* name) {
    mine++;
    return greet(name) * 100 + mine;
}

int main(int argc, char** argv) {
    thrd_t thread;
    int result = -1;
    greet(argc > 1 ? argv[1] : "world");
    greeting = "goodbye";
    if (thrd_create(&thread, run, "thread") == thrd_success) thrd_join(thread, &result);
    printf("the thread answers %d, this one has %d and %d\n", result, greetings, mine);
    return greetings;
}
