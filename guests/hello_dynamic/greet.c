// A library with data that others change, and thread-local variables.
#include "greet.h"

#include <stdio.h>

const char* greeting = "hello";
_Thread_local int greetings = 0;

__attribute__((constructor)) static void prepare(void) { greetings = 40; }

int greet(const char* name) {
    printf("%s, %s\n", greeting, name);
    return ++greetings;
}
