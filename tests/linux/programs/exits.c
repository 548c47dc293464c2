#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void first(void) { puts("first registered"); } static void second(void) { puts("second registered"); }
__attribute__((constructor)) static void before(void) { puts("constructor"); }
__attribute__((destructor)) static void after(void) { puts("destructor"); }
int main(void) { atexit(first); atexit(second); puts("main"); exit(300); }
