// Another library with such variables, so that a thread's table of them grows while it runs.
static __thread int values[900] = {5};
int second_next(void) { return values[0]++ + values[899]; }
