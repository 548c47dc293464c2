// What a program without a dynamic linker does before anything else: relocate itself, and find the
// kernel's calls in the vDSO.
#pragma once

#include "elf.h"

// Where an image in memory keeps its symbols.
typedef struct {
    const char* base;
    const elf_symbol* symbols;
    const char* strings;
    const uint32_t* gnu_hash;
} elf_exports;

// The tables of an image that has a DT_GNU_HASH; its ELF header is at `base`.
__attribute__((visibility("hidden"))) elf_exports elf_exports_of(const char* base);

// The address of a symbol, or 0.
__attribute__((visibility("hidden"))) uintptr_t elf_find(const elf_exports* exports,
                                                         const char* name);

// Applies the image's own relocations; symbols are looked up in the vDSO.
__attribute__((visibility("hidden"))) void elf_relocate_self(char* base,
                                                             const elf_dynamic* dynamic,
                                                             const char* vdso);
