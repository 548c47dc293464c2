// The dynamic linker of small programs under RT-Smart. The first loader runs it in place of a program
// and only tells it the path: it maps the program too. The later one has mapped the program, and says
// where in the auxiliary vector.
//
// Nothing here needs a relocation itself: everything is static, and no pointer is stored.
#include "../linking/linking.h"
#include "rtsmart.h"

#define PAGE 4096ul
#define SEGMENTS_MAX 16
#define AT_PHDR 3
#define AT_PHNUM 5
#define AT_ENTRY 9
#define MAP_PRIVATE 2
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20

_Noreturn void fail(const char* what, const char* name) {
    CALL3(NR_write, 2, what, length_of(what));
    CALL3(NR_write, 2, name, length_of(name));
    CALL3(NR_write, 2, "\n", 1);
    CALL1(NR_exit_group, 127);
    __builtin_trap();
}

static void read_at(long file, void* to, size_t size, long offset) {
    CALL3(NR_lseek, file, offset, 0);
    if (size && CALL3(NR_read, file, to, size) != (long)size) fail("a file is too short", "");
}

// The whole of a file in memory, by copying: whether the kernel could map it is not asked. Answers
// where the program in it begins.
static uintptr_t load(const char* path) {
    long file = CALL3(NR_open, path, O_RDONLY, 0);
    if (file < 0) fail("there is no file ", path);
    elf_header header;
    elf_segment segments[SEGMENTS_MAX];
    read_at(file, &header, sizeof header, 0);
    if (header.phnum > SEGMENTS_MAX) fail("too many program headers: ", path);
    read_at(file, segments, header.phnum * sizeof *segments, header.phoff);
    uint64_t start = ~0ul, end = 0;
    for (int i = 0; i < header.phnum; i++) {
        if (segments[i].type != PT_LOAD) continue;
        if (segments[i].vaddr < start) start = segments[i].vaddr & -PAGE;
        end = segments[i].vaddr + segments[i].memsz;
    }
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (start ? MAP_FIXED : 0);
    long base = CALL6(NR_mmap2, start, end - start, 0, flags, -1, 0);
    if (base < 0) fail("no room for ", path);
    char* bias = (char*)base - start;
    const elf_dynamic* dynamic = 0;
    for (int i = 0; i < header.phnum; i++) {
        const elf_segment* one = &segments[i];
        if (one->type == PT_LOAD) read_at(file, bias + one->vaddr, one->filesz, one->offset);
        if (one->type == PT_DYNAMIC) dynamic = (elf_dynamic*)(bias + one->vaddr);
    }
    CALL1(NR_close, file);
    if (!dynamic) fail("nothing to link in ", path);
    add_image(bias, dynamic);
    return (uintptr_t)bias + header.entry;
}

void load_library(const char* name) {
    char path[128] = "/lib/";
    size_t length = length_of(name);
    if (length > sizeof path - 6) fail("a library's name is too long: ", name);
    for (size_t i = 0; i <= length; i++) path[5 + i] = name[i];
    load(path);
}

// What the kernel has mapped, as it says behind the environment. Answers where the program begins.
static uintptr_t take(const long* block) {
    const long* at = block + 1 + block[0] + 1;
    while (*at++) continue;
    const elf_segment* segments = 0;
    long count = 0;
    uintptr_t entry = 0;
    for (; *at; at += 2) {
        if (at[0] == AT_PHDR) segments = (const elf_segment*)at[1];
        if (at[0] == AT_PHNUM) count = at[1];
        if (at[0] == AT_ENTRY) entry = (uintptr_t)at[1];
    }
    for (long i = 0; i < count; i++) {
        // Programs are linked to their addresses: where the linker is, none could be moved to.
        if (segments[i].type == PT_DYNAMIC) add_image(0, (const elf_dynamic*)segments[i].vaddr);
    }
    return entry;
}

// Answers where the program begins, and tells in `block` where its arguments do.
__attribute__((used, visibility("hidden"))) uintptr_t link_program(long* block, long** theirs) {
    char** words = (char**)(block + 1);
    uintptr_t entry;
    *theirs = block;
    if (block[0] > 2 && same(words[1], "-e")) {
        entry = load(words[2]);
        // ld.so, -e and the path are not for the program.
        block[3] = block[0] - 3;
        *theirs = block + 3;
    } else {
        entry = take(block);
    }
    link_images();
    return entry;
}
