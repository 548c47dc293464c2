// Says what it finds in its process: what of an earlier program is still there.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../liblinux/syscall.h"

enum { SIGUSR1 = 10, FIRST_MARK = 90, F_GETFD = 1, AT_SECURE = 23 };

static void say_file(const char* what, const char* path) {
    char text[128];
    long file = CALL4(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
    long size = file < 0 ? 0 : CALL3(SYS_read, file, text, sizeof text - 1);
    if (size < 0) size = 0;
    if (size && (text[size - 1] == '\n' || !text[size - 1])) size--;
    for (long i = 0; i < size; i++) {
        if (!text[i]) text[i] = ' ';
    }
    text[size] = 0;
    CALL1(SYS_close, file);
    printf("%s: %s\n", what, text);
}

static unsigned long auxiliary(unsigned long key) {
    char** at = environ;
    while (*at++) continue;
    for (unsigned long* one = (unsigned long*)at; one[0]; one += 2) {
        if (one[0] == key) return one[1];
    }
    return 0;
}

int main(int argc, char** argv) {
    char link[128];
    struct {
        unsigned long handler, flags, mask;
    } action = {0, 0, 0};
    struct {
        unsigned long address;
        int flags;
        unsigned long size;
    } stack = {0, 0, 0};
    extern char _end[];
    printf("argv: %s\n", argc > 0 ? argv[0] : "");
    say_file("comm", "/proc/self/comm");
    say_file("cmdline", "/proc/self/cmdline");
    long size = CALL4(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", link, sizeof link - 1);
    link[size < 0 ? 0 : size] = 0;
    printf("exe: %s\n", link);
    long marked = CALL3(SYS_fcntl, FIRST_MARK, F_GETFD, 0);
    printf("close-on-exec descriptor: %s\n", marked < 0 ? "closed" : "open");
    CALL4(SYS_rt_sigaction, SIGUSR1, 0, &action, 8);
    printf("signal handler: %s\n", action.handler ? "still set" : "default");
    CALL2(SYS_sigaltstack, 0, &stack);
    printf("signal stack: %s\n", stack.size ? "still set" : "none");
    unsigned long heap = (unsigned long)CALL1(SYS_brk, 0), end = (unsigned long)_end;
    printf("heap: %s\n", heap >= end && heap - end < 65536 ? "behind the program" : "elsewhere");
    printf("effective user: %ld, AT_SECURE %lu\n", CALL1(SYS_geteuid, 0), auxiliary(AT_SECURE));
    return 0;
}
