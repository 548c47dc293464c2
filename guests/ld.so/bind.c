// Relocations: every place in an image that holds an address gets the right one.
#include <string.h>

#include "ld.h"

#define PAGE ((uint64_t)ZX_PAGE_SIZE)
// How far the offsets in a TLS index are from those in the image, by RISC-V's convention.
#define TLS_BIAS 0x800

typedef struct {
    const elf_rela* entries;
    uint64_t size;
    size_t step;
} table;

static const char* name_of(const image* one, const elf_symbol* symbol) {
    return one->strings + symbol->name;
}

static uintptr_t address_of(definition found) {
    return (uintptr_t)found.home->bias + found.symbol->value;
}

// Who defines the symbol that a relocation names; where nobody does, only a weak one is forgiven.
static definition resolve(const image* one, const elf_rela* entry) {
    const elf_symbol* symbol = &one->symbols[entry->info >> 32];
    if (!(entry->info >> 32)) return (definition){one, symbol};
    bool is_copy = (uint32_t)entry->info == R_RISCV_COPY;
    if (symbol->info >> 4 == STB_LOCAL) return (definition){one, symbol};
    definition found = find_symbol(name_of(one, symbol), is_copy ? images : 0);
    if (!found.home && symbol->info >> 4 != STB_WEAK) {
        fail(ZX_ERR_NOT_FOUND, "%s: nobody defines %s", one->name, name_of(one, symbol));
    }
    return found;
}

static void apply_one(const image* one, const elf_rela* entry, bool has_addend) {
    uint64_t* place = (uint64_t*)(one->bias + entry->offset);
    uint64_t addend = has_addend ? (uint64_t)entry->addend : *place;
    uint32_t type = (uint32_t)entry->info;
    if (type == R_RISCV_NONE) return;
    if (type == R_RISCV_RELATIVE) {
        *place = (uintptr_t)one->bias + addend;
        return;
    }
    definition found = resolve(one, entry);
    uintptr_t address = found.home ? address_of(found) : 0;
    if (type == R_RISCV_64) {
        *place = address + addend;
    } else if (type == R_RISCV_JUMP_SLOT) {
        *place = address;
    } else if (type == R_RISCV_COPY) {
        memcpy(place, (const void*)address, found.symbol->size);
    } else if (type == R_RISCV_TLS_TPREL64) {
        *place = (found.home ? tls_offset_of(found) : 0) + addend;
    } else if (type == R_RISCV_TLS_DTPMOD64) {
        *place = found.home ? found.home->tls_module : 0;
    } else if (type == R_RISCV_TLS_DTPREL64) {
        *place = (found.home ? found.symbol->value : 0) + addend - TLS_BIAS;
    } else if (type == R_RISCV_TLSDESC) {
        // With addends in place, the second word has it: the first one is the resolver's.
        if (!has_addend) addend = place[1];
        place[0] = (uintptr_t)tlsdesc_static;
        place[1] = (found.home ? tls_offset_of(found) : 0) + addend;
    } else {
        fail(ZX_ERR_NOT_SUPPORTED, "%s: relocation type %u is not known", one->name, type);
    }
}

static void apply(const image* one, table from) {
    const char* at = (const char*)from.entries;
    for (; from.size >= from.step; at += from.step, from.size -= from.step) {
        apply_one(one, (const elf_rela*)at, from.step == sizeof(elf_rela));
    }
}

// An even entry is the address of a word; an odd one has a bit for each of the 63 words behind it.
static void apply_relr(const image* one) {
    uint64_t size = dynamic_value(one, DT_RELRSZ);
    const uint64_t* entry = (const uint64_t*)(one->bias + dynamic_value(one, DT_RELR));
    uint64_t* place = 0;
    for (; size >= sizeof *entry; entry++, size -= sizeof *entry) {
        if (!(*entry & 1)) {
            place = (uint64_t*)(one->bias + *entry);
            *place++ += (uintptr_t)one->bias;
            continue;
        }
        for (uint64_t bits = *entry >> 1, i = 0; bits; bits >>= 1, i++) {
            if (bits & 1) place[i] += (uintptr_t)one->bias;
        }
        place += 63;
    }
}

static table table_of(const image* one, int64_t tag, int64_t size_tag, size_t step) {
    uint64_t at = dynamic_value(one, tag);
    uint64_t size = at ? dynamic_value(one, size_tag) : 0;
    return (table){(const elf_rela*)(one->bias + at), size, step};
}

static table plt_table(const image* one) {
    bool has_addend = dynamic_value(one, DT_PLTREL) != DT_REL;
    return table_of(one, DT_JMPREL, DT_PLTRELSZ, has_addend ? sizeof(elf_rela) : 16);
}

// Every slot leads to the linker until the function behind it is called for the first time.
static void bind_on_call(image* one, table plt) {
    uint64_t* got = (uint64_t*)(one->bias + dynamic_value(one, DT_PLTGOT));
    const char* at = (const char*)plt.entries;
    got[0] = (uintptr_t)bind_lazily;
    got[1] = (uintptr_t)one;
    for (; plt.size >= plt.step; at += plt.step, plt.size -= plt.step) {
        const elf_rela* entry = (const elf_rela*)at;
        if ((uint32_t)entry->info == R_RISCV_JUMP_SLOT) {
            *(uint64_t*)(one->bias + entry->offset) += (uintptr_t)one->bias;
        } else {
            apply_one(one, entry, plt.step == sizeof *entry);
        }
    }
}

// The first call of a function through a slot: finds it, and leaves its address there.
__attribute__((used, visibility("hidden"))) uintptr_t bind_slot(image* one, uint64_t slot) {
    table plt = plt_table(one);
    const elf_rela* entry = (const elf_rela*)((const char*)plt.entries + slot * plt.step);
    definition found = resolve(one, entry);
    uintptr_t address = found.home ? address_of(found) : 0;
    say("%s: %s is bound", one->name, name_of(one, &one->symbols[entry->info >> 32]));
    *(uint64_t*)(one->bias + entry->offset) = address;
    return address;
}

void relocate(image* one) {
    apply_relr(one);
    apply(one, table_of(one, DT_RELA, DT_RELASZ, sizeof(elf_rela)));
    apply(one, table_of(one, DT_REL, DT_RELSZ, 16));
    table plt = plt_table(one);
    if (!plt.size) return;
    if (one->bind_now || !dynamic_value(one, DT_PLTGOT)) {
        apply(one, plt);
    } else {
        bind_on_call(one, plt);
    }
}

void protect_relro(const image* one) {
    for (uint32_t i = 0; i < one->segment_count; i++) {
        const elf_segment* segment = &one->segments[i];
        if (segment->type != PT_GNU_RELRO) continue;
        uint64_t start = (uintptr_t)one->bias + segment->vaddr;
        uint64_t end = (start + segment->memsz) & -PAGE;
        start &= -PAGE;
        if (end <= start) continue;
        zx_status_t status = zx_vmar_protect(one->vmar, ZX_VM_PERM_READ, start, end - start);
        if (status != ZX_OK) fail(status, "%s: its RELRO cannot be protected", one->name);
    }
}
