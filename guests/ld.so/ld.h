// The dynamic linker: what it knows of each image, and which part does what.
#pragma once

#include <stdbool.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#include "../libzx/src/elf.h"

#define LINKER_NAME "ld.so.1"
#define VDSO_NAME "libzircon.so"

typedef void (*function)(void);

// Something loaded: the program, a library, the vDSO, or the linker itself.
typedef struct image {
    struct image* next;
    const char* name;
    // What is added to the image's own addresses.
    char* bias;
    zx_handle_t vmar;
    zx_vaddr_t vmar_base;
    const elf_dynamic* dynamic;
    // What the dynamic section says, by tag, for those of the tags that are small numbers.
    uint64_t values[DT_RELR + 1];
    const elf_segment* segments;
    uint32_t segment_count;
    uintptr_t entry;
    const elf_symbol* symbols;
    const char* strings;
    uint64_t strings_size;
    const uint32_t* hash;
    const uint32_t* gnu_hash;
    const elf_segment* tls;
    // From the thread pointer to this image's thread-local memory.
    size_t tls_offset;
    size_t tls_module;
    bool bind_now;
    bool constructed;
} image;

// The images in the order that symbols are looked up.
extern image* images;

// Says what is wrong, naming the program, and ends the process.
_Noreturn void fail(zx_status_t status, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

// Says something where LD_DEBUG is set.
void say(const char* format, ...) __attribute__((format(printf, 1, 2)));

// Memory for the linker's own records, zeroed; it is never given back.
void* allocate(size_t size);

// image.c: an image whose file is in memory already; an image from a file, mapped.
image* image_in_memory(const char* name, const char* header);
image* image_from_vmo(const char* name, zx_handle_t vmo, zx_handle_t root_vmar);
uint64_t dynamic_value(const image* from, int64_t tag);

// service.c: asks the loader service.
zx_status_t service_load(zx_handle_t service, const char* name, zx_handle_t* vmo);
void service_done(zx_handle_t service);

// symbol.c
typedef struct {
    const image* home;
    const elf_symbol* symbol;
} definition;

// The first definition in the scope behind `after` (or in all of it); its home is 0 without one.
definition find_symbol(const char* name, const image* after);

// bind.c: applies an image's relocations.
void relocate(image* one);
void protect_relro(const image* one);

// tls.c: gives each image its place in thread-local memory.
void lay_out_tls(void);
uintptr_t tls_offset_of(definition found);

struct tls_index {
    size_t module;
    size_t offset;
};
void tlsdesc_static(void);
void bind_lazily(void);

