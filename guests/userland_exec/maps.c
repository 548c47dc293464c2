// What is mapped, as /proc/self/maps tells, and what of it is in the way.
#include "userland_exec.h"

typedef struct {
    uint64_t start, end;
    const char* name;
    size_t name_size;
} mapping;

static char text[8192];

// All of the file; each line is `start-end access offset device inode name`.
static size_t read_maps(void) {
    long file = CALL4(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY, 0);
    if (file < 0) fail("there is no ", "/proc/self/maps", file);
    size_t size = 0;
    for (;;) {
        long count = CALL3(SYS_read, file, text + size, sizeof text - size);
        if (count <= 0) break;
        size += (size_t)count;
    }
    CALL1(SYS_close, file);
    return size;
}

static const char* read_hex(const char* at, uint64_t* number) {
    for (*number = 0;; at++) {
        int digit = *at >= '0' && *at <= '9' ? *at - '0' : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10 : -1;
        if (digit < 0) return at;
        *number = *number * 16 + (uint64_t)digit;
    }
}

// The mapping of a line; answers where the next line begins, or 0 behind the last.
static const char* read_line(const char* at, const char* end, mapping* one) {
    if (at >= end) return 0;
    at = read_hex(at, &one->start);
    at = read_hex(at + 1, &one->end);
    one->name = at;
    while (at < end && *at != '\n') {
        if (*at == ' ') one->name = at + 1;
        at++;
    }
    one->name_size = (size_t)(at - one->name);
    return at + 1;
}

static int is_named(const mapping* one, const char* name) {
    size_t size = length_of(name);
    if (one->name_size != size) return 0;
    for (size_t i = 0; i < size; i++) {
        if (one->name[i] != name[i]) return 0;
    }
    return 1;
}

char* end_of_stack(void) {
    const char *at = text, *end = text + read_maps();
    for (mapping one; (at = read_line(at, end, &one));) {
        if (is_named(&one, "[stack]")) return (char*)one.end;
    }
    fail("nothing is called ", "[stack]", 0);
}

void clean_memory(uint64_t start, uint64_t end) {
    extern char __ehdr_start[], _end[];
    if (start < (uintptr_t)_end && end > (uintptr_t)__ehdr_start) {
        fail("the program wants the addresses of its loader", "", 0);
    }
    const char *at = text, *behind = text + read_maps();
    for (mapping one; (at = read_line(at, behind, &one));) {
        int is_in_the_way = one.start < end && one.end > start;
        if (is_in_the_way || is_named(&one, "[heap]")) {
            CALL2(SYS_munmap, one.start, one.end - one.start);
        }
    }
}
