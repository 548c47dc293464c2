#include "linking.h"

#define IMAGES_MAX 8

typedef struct {
    char* bias;
    const elf_dynamic* dynamic;
    const elf_symbol* symbols;
    const char* strings;
    const uint32_t* hash;
} image;

static image images[IMAGES_MAX];
static int image_count;

size_t length_of(const char* text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

int same(const char* one, const char* other) {
    while (*one && *one == *other) one++, other++;
    return *one == *other;
}

void add_image(char* bias, const elf_dynamic* dynamic) {
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

void link_images(void) {
    if (!image_count) fail("there is nothing to link", "");
    for (int i = 0; i < image_count; i++) {
        for (const elf_dynamic* one = images[i].dynamic; one->tag != DT_NULL; one++) {
            if (one->tag == DT_NEEDED) load_library(images[i].strings + one->value);
        }
    }
    for (int i = image_count; i-- > 0;) relocate(&images[i]);
}
