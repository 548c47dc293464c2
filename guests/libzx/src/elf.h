// The parts of the ELF format that start-up code and the dynamic linker read.
#pragma once

#include <stdint.h>

typedef struct {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
} elf_header;

typedef struct {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
} elf_segment;

typedef struct {
    uint32_t name;
    uint8_t info, other;
    uint16_t section;
    uint64_t value, size;
} elf_symbol;

typedef struct {
    uint64_t offset, info;
    int64_t addend;
} elf_rela;

typedef struct {
    int64_t tag;
    uint64_t value;
} elf_dynamic;

enum { PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_TLS = 7, PT_GNU_RELRO = 0x6474e552 };
enum { PF_X = 1, PF_W = 2, PF_R = 4 };
enum { STB_LOCAL = 0, STB_GLOBAL = 1, STB_WEAK = 2, STT_TLS = 6 };

enum {
    DT_NULL = 0, DT_NEEDED = 1, DT_PLTRELSZ = 2, DT_PLTGOT = 3, DT_HASH = 4, DT_STRTAB = 5,
    DT_SYMTAB = 6, DT_RELA = 7, DT_RELASZ = 8, DT_STRSZ = 10, DT_SONAME = 14, DT_REL = 17,
    DT_RELSZ = 18, DT_PLTREL = 20, DT_JMPREL = 23, DT_BIND_NOW = 24, DT_INIT_ARRAY = 25,
    DT_FINI_ARRAY = 26, DT_INIT_ARRAYSZ = 27, DT_FINI_ARRAYSZ = 28, DT_FLAGS = 30,
    DT_RELRSZ = 35, DT_RELR = 36, DT_GNU_HASH = 0x6ffffef5, DT_FLAGS_1 = 0x6ffffffb,
};

enum { DF_BIND_NOW = 8, DF_1_NOW = 1 };

enum {
    R_RISCV_NONE = 0, R_RISCV_64 = 2, R_RISCV_RELATIVE = 3, R_RISCV_COPY = 4,
    R_RISCV_JUMP_SLOT = 5, R_RISCV_TLS_DTPMOD64 = 7, R_RISCV_TLS_DTPREL64 = 9,
    R_RISCV_TLS_TPREL64 = 11, R_RISCV_TLSDESC = 12,
};
