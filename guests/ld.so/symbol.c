// Looking symbols up: in every image's hash table, in the order that the images were loaded.
#include <string.h>

#include "ld.h"

static uint32_t gnu_hash_of(const char* name) {
    uint32_t hash = 5381;
    for (; *name; name++) hash = hash * 33 + (uint8_t)*name;
    return hash;
}

static uint32_t hash_of(const char* name) {
    uint32_t hash = 0;
    for (; *name; name++) {
        hash = (hash << 4) + (uint8_t)*name;
        hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
    }
    return hash;
}

static const elf_symbol* match(const image* in, uint32_t index, const char* name) {
    const elf_symbol* symbol = &in->symbols[index];
    bool defined = symbol->section && symbol->info >> 4 != STB_LOCAL;
    return defined && !strcmp(in->strings + symbol->name, name) ? symbol : 0;
}

static const elf_symbol* find_by_gnu_hash(const image* in, const char* name, uint32_t hash) {
    const uint32_t* table = in->gnu_hash;
    uint32_t buckets = table[0], first = table[1], words = table[2], shift = table[3];
    const uint64_t* bloom = (const uint64_t*)(table + 4);
    const uint32_t* bucket = (const uint32_t*)(bloom + words);
    const uint32_t* chain = bucket + buckets;
    uint64_t bits = (uint64_t)1 << hash % 64 | (uint64_t)1 << (hash >> shift) % 64;
    if (!buckets || (bloom[hash / 64 % words] & bits) != bits) return 0;
    uint32_t index = bucket[hash % buckets];
    if (index < first) return 0;
    for (;; index++) {
        uint32_t value = chain[index - first];
        if ((value | 1) == (hash | 1)) {
            const elf_symbol* symbol = match(in, index, name);
            if (symbol) return symbol;
        }
        if (value & 1) return 0;
    }
}

static const elf_symbol* find_by_hash(const image* in, const char* name) {
    uint32_t hash = hash_of(name);
    const uint32_t* buckets = in->hash + 2;
    const uint32_t* chains = buckets + in->hash[0];
    if (!in->hash[0]) return 0;
    for (uint32_t i = buckets[hash % in->hash[0]]; i; i = chains[i]) {
        const elf_symbol* symbol = match(in, i, name);
        if (symbol) return symbol;
    }
    return 0;
}

definition find_symbol(const char* name, const image* after) {
    uint32_t gnu_hash = gnu_hash_of(name);
    for (const image* in = after ? after->next : images; in; in = in->next) {
        const elf_symbol* symbol = in->gnu_hash ? find_by_gnu_hash(in, name, gnu_hash)
                                   : in->hash   ? find_by_hash(in, name)
                                                : 0;
        if (symbol) return (definition){in, symbol};
    }
    return (definition){0, 0};
}
