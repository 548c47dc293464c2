// Runs before relocations are applied: nothing here may need one. All is static or hidden, so that
// every address is relative to the program counter.
#include "relocate.h"

#include <zx/syscalls.h>

elf_exports elf_exports_of(const char* base) {
    elf_exports exports = {.base = base};
    const elf_header* header = (const elf_header*)base;
    const elf_segment* segments = (const elf_segment*)(base + header->phoff);
    for (int i = 0; i < header->phnum; i++) {
        if (segments[i].type != PT_DYNAMIC) continue;
        const elf_dynamic* entry = (const elf_dynamic*)(base + segments[i].vaddr);
        for (; entry->tag != DT_NULL; entry++) {
            const char* at = base + entry->value;
            if (entry->tag == DT_SYMTAB) exports.symbols = (const elf_symbol*)at;
            if (entry->tag == DT_STRTAB) exports.strings = at;
            if (entry->tag == DT_GNU_HASH) exports.gnu_hash = (const uint32_t*)at;
        }
    }
    return exports;
}

static uint32_t hash_of(const char* name) {
    uint32_t hash = 5381;
    for (; *name; name++) hash = hash * 33 + (uint8_t)*name;
    return hash;
}

static int same(const char* one, const char* other) {
    while (*one && *one == *other) one++, other++;
    return *one == *other;
}

// Without the table's filter: what is looked up here is nearly always there.
uintptr_t elf_find(const elf_exports* exports, const char* name) {
    const uint32_t* table = exports->gnu_hash;
    if (!table || !table[0]) return 0;
    uint32_t hash = hash_of(name), first = table[1];
    const uint32_t* buckets = table + 4 + table[2] * 2;
    const uint32_t* chain = buckets + table[0];
    uint32_t index = buckets[hash % table[0]];
    if (index < first) return 0;
    for (;; index++) {
        uint32_t value = chain[index - first];
        const elf_symbol* symbol = &exports->symbols[index];
        if ((value | 1) == (hash | 1) && same(exports->strings + symbol->name, name)) {
            return (uintptr_t)exports->base + symbol->value;
        }
        if (value & 1) return 0;
    }
}

// Says which call is missing, where there is a way to say anything, and ends the process.
static _Noreturn void fail(const elf_exports* vdso, const char* name) {
    static const char prefix[] = "libzircon.so has no ";
    typedef zx_status_t (*writer)(const char*, size_t);
    typedef void (*ender)(int64_t);
    writer write = (writer)elf_find(vdso, "zx_debug_write");
    ender end = (ender)elf_find(vdso, "zx_process_exit");
    size_t size = 0;
    while (name[size]) size++;
    if (write) {
        write(prefix, sizeof prefix - 1);
        write(name, size);
        write("\n", 1);
    }
    if (end) end(-1);
    __builtin_trap();
}

static void apply(char* base, const elf_rela* rela, uint64_t size, const elf_symbol* symbols,
                  const char* strings, const elf_exports* vdso) {
    for (; size >= sizeof *rela; rela++, size -= sizeof *rela) {
        uint64_t* place = (uint64_t*)(base + rela->offset);
        uint32_t type = (uint32_t)rela->info;
        if (type == R_RISCV_RELATIVE) {
            *place = (uintptr_t)base + rela->addend;
        } else if (type == R_RISCV_64 || type == R_RISCV_JUMP_SLOT) {
            const elf_symbol* symbol = &symbols[rela->info >> 32];
            uintptr_t value = symbol->section ? (uintptr_t)base + symbol->value
                                              : elf_find(vdso, strings + symbol->name);
            if (!value && symbol->info >> 4 != STB_WEAK) fail(vdso, strings + symbol->name);
            *place = value + rela->addend;
        }
    }
}

// An even entry is the address of a word; an odd one has a bit for each of the 63 words behind it.
static void apply_relr(char* base, const uint64_t* relr, uint64_t size) {
    uint64_t* place = 0;
    for (; size >= sizeof *relr; relr++, size -= sizeof *relr) {
        if (!(*relr & 1)) {
            place = (uint64_t*)(base + *relr);
            *place++ += (uintptr_t)base;
            continue;
        }
        for (uint64_t bits = *relr >> 1, i = 0; bits; bits >>= 1, i++) {
            if (bits & 1) place[i] += (uintptr_t)base;
        }
        place += 63;
    }
}

void elf_relocate_self(char* base, const elf_dynamic* dynamic, const char* vdso_base) {
    const char *symbols = 0, *strings = 0, *rela = 0, *plt = 0, *relr = 0;
    uint64_t rela_size = 0, plt_size = 0, relr_size = 0;
    for (; dynamic->tag != DT_NULL; dynamic++) {
        char* at = base + dynamic->value;
        // No switch: its jump table might have to be relocated.
        if (dynamic->tag == DT_SYMTAB) symbols = at;
        if (dynamic->tag == DT_STRTAB) strings = at;
        if (dynamic->tag == DT_RELA) rela = at;
        if (dynamic->tag == DT_RELASZ) rela_size = dynamic->value;
        if (dynamic->tag == DT_JMPREL) plt = at;
        if (dynamic->tag == DT_PLTRELSZ) plt_size = dynamic->value;
        if (dynamic->tag == DT_RELR) relr = at;
        if (dynamic->tag == DT_RELRSZ) relr_size = dynamic->value;
    }
    elf_exports vdso = elf_exports_of(vdso_base);
    const elf_symbol* table = (const elf_symbol*)symbols;
    if (relr) apply_relr(base, (const uint64_t*)relr, relr_size);
    if (rela) apply(base, (const elf_rela*)rela, rela_size, table, strings, &vdso);
    if (plt) apply(base, (const elf_rela*)plt, plt_size, table, strings, &vdso);
}
