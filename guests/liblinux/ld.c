// The dynamic linker that small programs have under Linux. The kernel has mapped the program and
// this linker; libraries are found by path and mapped by system calls, all here in user space.
//
// Nothing here needs a relocation itself: everything is static, and no pointer is stored.
#include "../libzx/src/elf.h"
#include "syscall.h"

#define PAGE 4096ul
#define IMAGES_MAX 8
#define SEGMENTS_MAX 16
#define AT_PHDR 3
#define AT_PHNUM 5
#define AT_ENTRY 9

typedef struct {
    char* bias;
    const elf_dynamic* dynamic;
    const elf_symbol* symbols;
    const char* strings;
    const uint32_t* hash;
} image;

static image images[IMAGES_MAX];
static int image_count;

static size_t length_of(const char* text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

static int same(const char* one, const char* other) {
    while (*one && *one == *other) one++, other++;
    return *one == *other;
}

static _Noreturn void fail(const char* what, const char* name) {
    CALL3(SYS_write, 2, what, length_of(what));
    CALL3(SYS_write, 2, name, length_of(name));
    CALL3(SYS_write, 2, "\n", 1);
    CALL1(SYS_exit_group, 127);
    __builtin_trap();
}

static void add_image(char* bias, const elf_dynamic* dynamic) {
    if (image_count == IMAGES_MAX) fail("too many libraries", "");
    image* one = &images[image_count++];
    one->bias = bias;
    one->dynamic = dynamic;
    for (; dynamic->tag != DT_NULL; dynamic++) {
        char* at = bias + dynamic->value;
        if (dynamic->tag == DT_SYMTAB) one->symbols = (const elf_symbol*)at;
        if (dynamic->tag == DT_STRTAB) one->strings = at;
        if (dynamic->tag == DT_HASH) one->hash = (const uint32_t*)at;
    }
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

static void load_library(const char* name) {
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

static uintptr_t find(const char* name) {
    for (int i = 0; i < image_count; i++) {
        const image* in = &images[i];
        if (!in->hash) continue;
        uint32_t count = in->hash[1];
        for (uint32_t at = 1; at < count; at++) {
            const elf_symbol* symbol = &in->symbols[at];
            if (symbol->section && same(in->strings + symbol->name, name)) {
                return (uintptr_t)in->bias + symbol->value;
            }
        }
    }
    fail("nobody has ", name);
}

static void apply(const image* one, const elf_rela* rela, uint64_t size) {
    for (; size >= sizeof *rela; rela++, size -= sizeof *rela) {
        uint64_t* place = (uint64_t*)(one->bias + rela->offset);
        uint32_t type = (uint32_t)rela->info;
        if (type == R_RISCV_RELATIVE) *place = (uintptr_t)one->bias + rela->addend;
        if (type != R_RISCV_64 && type != R_RISCV_JUMP_SLOT) continue;
        const elf_symbol* symbol = &one->symbols[rela->info >> 32];
        *place = find(one->strings + symbol->name) + rela->addend;
    }
}

static void relocate(const image* one) {
    uint64_t rela = 0, rela_size = 0, plt = 0, plt_size = 0;
    for (const elf_dynamic* entry = one->dynamic; entry->tag != DT_NULL; entry++) {
        if (entry->tag == DT_RELA) rela = entry->value;
        if (entry->tag == DT_RELASZ) rela_size = entry->value;
        if (entry->tag == DT_JMPREL) plt = entry->value;
        if (entry->tag == DT_PLTRELSZ) plt_size = entry->value;
    }
    apply(one, (const elf_rela*)(one->bias + rela), rela_size);
    apply(one, (const elf_rela*)(one->bias + plt), plt_size);
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
    if (!image_count) fail("the program has no dynamic section", "");
    for (int i = 0; i < image_count; i++) {
        for (const elf_dynamic* one = images[i].dynamic; one->tag != DT_NULL; one++) {
            if (one->tag == DT_NEEDED) load_library(images[i].strings + one->value);
        }
    }
    for (int i = image_count; i-- > 0;) relocate(&images[i]);
    return entry;
}
