// Greets, says what it was given, and ends with the number of its arguments.
#include <stdio.h>
#include <unistd.h>

int main(int argc, char** argv) {
    printf("hello from %s\n", argc > 0 ? argv[0] : "nobody");
    for (int i = 1; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
    for (char** one = environ; *one; one++) printf("environment: %s\n", *one);
    return argc > 0 ? argc - 1 : 0;
}
