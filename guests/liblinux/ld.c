// The dynamic linker that small programs have under Linux. The kernel has mapped the program and
// this linker; libraries are found by path and mapped by system calls, all here in user space.
//
// Nothing here needs a relocation itself: everything is static, and no pointer is stored.
#include "../linking/linking.h"
#include "syscall.h"

#define PAGE 4096ul
#define SEGMENTS_MAX 16
#define AT_PHDR 3
#define AT_PHNUM 5
#define AT_ENTRY 9

_Noreturn void fail(const char* what, const char* name) {
    CALL3(SYS_write, 2, what, length_of(what));
    CALL3(SYS_write, 2, name, length_of(name));
    CALL3(SYS_write, 2, "\n", 1);
    CALL1(SYS_exit_group, 127);
    __builtin_trap();
}

static int protection(uint32_t flags) {
    return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) |
           (flags & PF_X ? PROT_EXEC : 0);
}

static void map_segment(char* bias, const elf_segment* one, long file) {
    uint64_t within = one->vaddr % PAGE;
    char* start = bias + one->vaddr - within;
    int access = protection(one->flags);
    long mapped = CALL6(SYS_mmap, start, one->filesz + within, access, MAP_PRIVATE | MAP_FIXED,
                        file, one->offset - within);
    if (mapped < 0) fail("a segment cannot be mapped", "");
    if (one->memsz <= one->filesz) return;
    char* zeros = bias + one->vaddr + one->filesz;
    char* fresh = (char*)(((uintptr_t)zeros + PAGE - 1) & -PAGE);
    char* end = bias + one->vaddr + one->memsz;
    for (; zeros < fresh && zeros < end; zeros++) *zeros = 0;
    if (fresh < end) {
        CALL6(SYS_mmap, fresh, end - fresh, access, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
    }
}

void load_library(const char* name) {
    char path[128] = "/lib/";
    size_t length = length_of(name);
    if (length > sizeof path - 6) fail("a library's name is too long: ", name);
    for (size_t i = 0; i <= length; i++) path[5 + i] = name[i];
    long file = CALL4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) fail("there is no library ", path);
    elf_header header;
    elf_segment segments[SEGMENTS_MAX];
    CALL3(SYS_read, file, &header, sizeof header);
    if (header.phnum > SEGMENTS_MAX) fail("too many program headers: ", path);
    CALL4(SYS_pread64, file, segments, header.phnum * sizeof *segments, header.phoff);
    uint64_t end = 0;
    for (int i = 0; i < header.phnum; i++) {
        if (segments[i].type == PT_LOAD) end = segments[i].vaddr + segments[i].memsz;
    }
    long base = CALL6(SYS_mmap, 0, end, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base < 0) fail("no room for ", path);
    const elf_dynamic* dynamic = 0;
    for (int i = 0; i < header.phnum; i++) {
        if (segments[i].type == PT_LOAD) map_segment((char*)base, &segments[i], file);
        if (segments[i].type == PT_DYNAMIC) dynamic = (elf_dynamic*)(base + segments[i].vaddr);
    }
    CALL1(SYS_close, file);
    add_image((char*)base, dynamic);
}

// Answers where the program starts.
__attribute__((used, visibility("hidden"))) uintptr_t link_program(const long* stack) {
    const long* at = stack + 1 + stack[0] + 1;
    while (*at++) continue;
    const elf_segment* segments = 0;
    long count = 0;
    uintptr_t entry = 0;
    for (; *at; at += 2) {
        if (at[0] == AT_PHDR) segments = (const elf_segment*)at[1];
        if (at[0] == AT_PHNUM) count = at[1];
        if (at[0] == AT_ENTRY) entry = (uintptr_t)at[1];
    }
    // The table of segments is at a known place in the file, so where it is says where all is.
    char* bias = (char*)segments - sizeof(elf_header);
    for (long i = 0; i < count; i++) {
        if (segments[i].type == PT_DYNAMIC) {
            add_image(bias, (const elf_dynamic*)(bias + segments[i].vaddr));
        }
    }
    link_images();
    return entry;
}
