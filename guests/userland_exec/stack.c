// The stack: what it held is saved, because the new program's goes in its place.
#include "userland_exec.h"

enum {
    AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_BASE = 7, AT_FLAGS = 8,
    AT_ENTRY = 9, AT_RANDOM = 25, AT_EXECFN = 31,
};

static char* copy_text(char** at, const char* text) {
    char* copy = *at;
    do *(*at)++ = *text; while (*text++);
    return copy;
}

void save_arguments(arguments* to, long* stack, long skipped, const char* called) {
    char** argv = (char**)(stack + 1) + skipped;
    char** environ = (char**)(stack + 1) + stack[0] + 1;
    long count = 0;
    while (environ[count]) count++;
    uint64_t* auxv = (uint64_t*)(environ + count + 1);
    long words = 0;
    while (auxv[words]) words += 2;
    words += 2;
    to->stack_end = end_of_stack();
    to->stack_in_use = (char*)stack;
    to->argc = stack[0] - skipped;
    to->environ_count = count;
    // What was there fits into as much room again.
    to->table_size = ((size_t)(to->stack_end - (char*)stack) * 2 + PAGE - 1) & -PAGE;
    long table = CALL6(SYS_mmap, 0, to->table_size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table < 0) fail("there is no memory for the arguments", "", table);
    to->table = (char*)table;
    to->argv = (char**)table;
    to->environ = to->argv + to->argc + 1;
    to->auxv = (uint64_t*)(to->environ + count + 1);
    char* at = (char*)(to->auxv + words);
    to->path = copy_text(&at, argv[0]);
    to->argv[0] = copy_text(&at, called ? called : argv[0]);
    for (long i = 1; i < to->argc; i++) to->argv[i] = copy_text(&at, argv[i]);
    for (long i = 0; i < count; i++) to->environ[i] = copy_text(&at, environ[i]);
    for (long i = 0; i < words; i++) {
        to->auxv[i] = auxv[i];
        if (i % 2 || auxv[i] != AT_RANDOM) continue;
        for (int byte = 0; byte < 16; byte++) to->random[byte] = ((char*)auxv[i + 1])[byte];
    }
}

static char* push_text(char** at, const char* text) {
    size_t size = length_of(text) + 1;
    *at -= size;
    for (size_t i = 0; i < size; i++) (*at)[i] = text[i];
    return *at;
}

// Where the table of segments is in memory: in the segment that has it in the file.
static uint64_t address_of_segments(const program* one) {
    for (int i = 0; i < one->header.phnum; i++) {
        const elf_segment* part = &one->segments[i];
        if (part->type != PT_LOAD || part->offset > one->header.phoff) continue;
        if (one->header.phoff - part->offset < part->filesz) {
            return one->bias + part->vaddr + (one->header.phoff - part->offset);
        }
    }
    return 0;
}

static uint64_t new_value(const program* loaded, uint64_t key, uint64_t old, uint64_t base) {
    if (key == AT_PHDR) return address_of_segments(loaded);
    if (key == AT_PHENT) return sizeof(elf_segment);
    if (key == AT_PHNUM) return loaded->header.phnum;
    if (key == AT_BASE) return base;
    if (key == AT_FLAGS) return 0;
    if (key == AT_ENTRY) return loaded->header.entry + loaded->bias;
    return old;
}

long* build_stack(const arguments* from, const program* loaded, uint64_t interpreter_base) {
    char* at = from->stack_end - 8;
    *(uint64_t*)at = 0;
    char* name = push_text(&at, from->path);
    // The saved pointers become those of the new strings, the last one first.
    for (long i = from->environ_count; i-- > 0;) from->environ[i] = push_text(&at, from->environ[i]);
    for (long i = from->argc; i-- > 0;) from->argv[i] = push_text(&at, from->argv[i]);
    at -= 16;
    char* random = at;
    for (int i = 0; i < 16; i++) random[i] = from->random[i];
    long words = 0;
    while (from->auxv[words]) words += 2;
    words += 2;
    size_t size = (size_t)(1 + from->argc + 1 + from->environ_count + 1 + words) * 8;
    long* stack = (long*)(((uintptr_t)at - size) & -16ul);
    if ((char*)stack < from->stack_in_use) fail("the new stack would be longer than the old", "", 0);
    long* to = stack;
    *to++ = from->argc;
    for (long i = 0; i < from->argc; i++) *to++ = (long)from->argv[i];
    *to++ = 0;
    for (long i = 0; i < from->environ_count; i++) *to++ = (long)from->environ[i];
    *to++ = 0;
    for (long i = 0; i < words; i += 2) {
        uint64_t key = from->auxv[i];
        *to++ = (long)key;
        *to++ = key == AT_RANDOM   ? (long)random
                : key == AT_EXECFN ? (long)name
                                   : (long)new_value(loaded, key, from->auxv[i + 1], interpreter_base);
    }
    return stack;
}
