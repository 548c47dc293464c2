// What guests/hello does, for the host.
#include <stdio.h>

int main(int argc, char** argv) {
    printf("hello from %s\n", argc > 0 ? argv[0] : "nobody");
    for (int i = 1; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
    return 0;
}
