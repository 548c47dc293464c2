// Thread-local memory and constructors of a program that is its only image.
#include <stddef.h>
#include <string.h>

#include "elf.h"
#include "thread.h"

typedef void (*function)(void);

extern const elf_header __ehdr_start HIDDEN;
extern function __init_array_start[] HIDDEN, __init_array_end[] HIDDEN;
extern function __fini_array_start[] HIDDEN, __fini_array_end[] HIDDEN;

static const elf_segment* tls_segment(void) {
    const char* base = (const char*)&__ehdr_start;
    const elf_segment* segment = (const elf_segment*)(base + __ehdr_start.phoff);
    for (int i = 0; i < __ehdr_start.phnum; i++) {
        if (segment[i].type == PT_TLS) return &segment[i];
    }
    return 0;
}

size_t __zx_tls_size(size_t* align) {
    const elf_segment* tls = tls_segment();
    if (tls && tls->align > *align) *align = tls->align;
    return tls ? tls->memsz + (tls->align ? tls->vaddr & (tls->align - 1) : 0) : 0;
}

void __zx_tls_init(char* tp) {
    const elf_segment* tls = tls_segment();
    if (!tls) return;
    // The linker counts from the last multiple of the alignment, not from the segment's start.
    size_t skew = tls->align ? tls->vaddr & (tls->align - 1) : 0;
    memcpy(tp + skew, (const char*)&__ehdr_start + tls->vaddr, tls->filesz);
}

void __zx_run_constructors(void) {
    for (function* one = __init_array_start; one < __init_array_end; one++) (*one)();
}

void __zx_run_destructors(void) {
    for (function* one = __fini_array_end; one > __fini_array_start;) (*--one)();
}
