// Thread-local memory: the images' parts one behind the other from the thread pointer on. The
// program's library asks for it when it makes a thread, the first one included.
#include <string.h>

#include "ld.h"

#define EXPORTED __attribute__((visibility("default")))

static size_t tls_size;
static size_t tls_align = 16;

void lay_out_tls(void) {
    size_t module = 0;
    for (image* one = images; one; one = one->next) {
        const elf_segment* tls = one->tls;
        if (!tls) continue;
        size_t align = tls->align ? tls->align : 1;
        if (align & (align - 1) || align > ZX_PAGE_SIZE || tls->filesz > tls->memsz) {
            fail(ZX_ERR_INVALID_ARGS, "%s: its PT_TLS has no good sizes", one->name);
        }
        // Each part is where its image's addresses are, modulo the alignment.
        size_t offset = (tls_size + align - 1) & -align;
        one->tls_offset = offset + (tls->vaddr & (align - 1));
        one->tls_module = ++module;
        tls_size = one->tls_offset + tls->memsz;
        if (align > tls_align) tls_align = align;
    }
}

uintptr_t tls_offset_of(definition found) {
    return found.home->tls_offset + found.symbol->value;
}

EXPORTED size_t __zx_tls_size(size_t* align) {
    if (tls_align > *align) *align = tls_align;
    return tls_size;
}

EXPORTED void __zx_tls_init(char* tp) {
    for (const image* one = images; one; one = one->next) {
        if (one->tls) {
            memcpy(tp + one->tls_offset, one->bias + one->tls->vaddr, one->tls->filesz);
        }
    }
}

EXPORTED void* __tls_get_addr(const struct tls_index* index) {
    char* tp;
    __asm__("mv %0, tp" : "=r"(tp));
    for (const image* one = images; one; one = one->next) {
        if (one->tls_module == index->module) return tp + one->tls_offset + index->offset + 0x800;
    }
    return 0;
}
