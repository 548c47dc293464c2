// An ELF file, read and brought into memory by calls that any program may make.
#include "userland_exec.h"

enum { ET_EXEC = 2, ET_DYN = 3, EM_RISCV = 243 };

static uint64_t page_down(uint64_t address) { return address & -PAGE; }

static uint64_t page_up(uint64_t address) { return (address + PAGE - 1) & -PAGE; }

static void check(const char* path, const elf_header* header) {
    if (*(const uint32_t*)header->ident != 0x464c457f) fail("no ELF file: ", path, 0);
    if (header->machine != EM_RISCV || header->ident[4] != 2) fail("for another machine: ", path, 0);
    if (header->type != ET_EXEC && header->type != ET_DYN) fail("no program: ", path, 0);
    if (header->phentsize != sizeof(elf_segment) || header->phnum == 0) {
        fail("program headers of another size: ", path, 0);
    }
    if (header->phnum > SEGMENTS_MAX) fail("too many program headers: ", path, 0);
}

void read_program(program* to, const char* path) {
    to->file = CALL4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (to->file < 0) fail("cannot open ", path, to->file);
    long count = CALL3(SYS_read, to->file, &to->header, sizeof to->header);
    if (count != sizeof to->header) fail("too short: ", path, count < 0 ? count : 0);
    check(path, &to->header);
    long size = (long)(to->header.phnum * sizeof(elf_segment));
    count = CALL4(SYS_pread64, to->file, to->segments, size, to->header.phoff);
    if (count != size) fail("its program headers are not in the file: ", path, 0);
    uint64_t end = 0;
    for (int i = 0; i < to->header.phnum; i++) {
        const elf_segment* one = &to->segments[i];
        if (one->type != PT_LOAD) continue;
        if (one->filesz > one->memsz) fail("a segment has more in the file than in memory: ", path, 0);
        if (one->vaddr < end || one->vaddr + one->memsz < one->vaddr) {
            fail("segments are not in order: ", path, 0);
        }
        end = one->vaddr + one->memsz;
    }
    if (!end) fail("no segment to load: ", path, 0);
}

int read_interpreter_path(const program* of, char* path) {
    for (int i = 0; i < of->header.phnum; i++) {
        const elf_segment* one = &of->segments[i];
        if (one->type != PT_INTERP) continue;
        if (one->filesz < 2 || one->filesz > PATH_MAX) fail("its interpreter has no name", "", 0);
        CALL4(SYS_pread64, of->file, path, one->filesz, one->offset);
        path[one->filesz - 1] = 0;
        return 1;
    }
    return 0;
}

uint64_t first_address(const program* of) {
    for (int i = 0; i < of->header.phnum; i++) {
        if (of->segments[i].type == PT_LOAD) return page_down(of->segments[i].vaddr);
    }
    return 0;
}

uint64_t last_address(const program* of) {
    uint64_t end = 0;
    for (int i = 0; i < of->header.phnum; i++) {
        const elf_segment* one = &of->segments[i];
        if (one->type == PT_LOAD) end = page_up(one->vaddr + one->memsz);
    }
    return end;
}

static int protection(uint32_t flags) {
    return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) |
           (flags & PF_X ? PROT_EXEC : 0);
}

// Room for all of it is taken at once; what the file has is copied in, then protected.
void load_program(program* one) {
    uint64_t first = first_address(one), size = last_address(one) - first;
    int fixed = one->header.type == ET_EXEC ? MAP_FIXED : 0;
    long place = CALL6(SYS_mmap, fixed ? first : 0, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);
    if (place < 0) fail("there is no memory for the program", "", place);
    one->bias = (uint64_t)place - first;
    for (int i = 0; i < one->header.phnum; i++) {
        const elf_segment* part = &one->segments[i];
        if (part->type != PT_LOAD) continue;
        char* to = (char*)(one->bias + part->vaddr);
        long count = CALL4(SYS_pread64, one->file, to, part->filesz, part->offset);
        if (count != (long)part->filesz) fail("a segment is not in the file", "", 0);
        uint64_t start = page_down((uint64_t)to);
        CALL3(SYS_mprotect, start, page_up((uint64_t)to + part->memsz) - start,
              protection(part->flags));
    }
    CALL1(SYS_close, one->file);
}
