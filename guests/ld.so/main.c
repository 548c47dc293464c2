// The dynamic linker's own course: the launcher's first message, the libraries that are wanted,
// their relocation, and on to the program. The second message is left for the program.
//
// The stack is as long as the program's message, so nothing long is kept on it.
#include <stdarg.h>
#include <string.h>

#include "../libzx/src/format.h"
#include "ld.h"

#define EXPORTED __attribute__((visibility("default")))
#define MESSAGE_SIZE 4096
#define HANDLES_MAX 16
#define CHUNK_SIZE 16384

image* images;

static zx_handle_t service, executable, loaded_vmar, process, root_vmar;
static const char* program = "?";
static bool is_verbose;
static bool is_bind_now;

static struct {
    zx_handle_t handles[HANDLES_MAX];
    _Alignas(8) char message[MESSAGE_SIZE];
    _Alignas(16) char first_chunk[2048];
} start;

static void write_text(const char* bytes, size_t size) { zx_debug_write(bytes, size); }

static void print(const char* format, va_list args) {
    static char line[200];
    size_t size = (size_t)format_text(line, sizeof line, "%s: ", program);
    va_list copy;
    va_copy(copy, args);
    size += (size_t)format_list(line + size, sizeof line - size, format, &copy);
    va_end(copy);
    if (size > sizeof line - 2) size = sizeof line - 2;
    line[size++] = '\n';
    write_text(line, size);
}

void fail(zx_status_t status, const char* format, ...) {
    va_list args;
    va_start(args, format);
    print(format, args);
    zx_process_exit(status);
}

void say(const char* format, ...) {
    va_list args;
    if (!is_verbose) return;
    va_start(args, format);
    print(format, args);
    va_end(args);
}

void* allocate(size_t size) {
    static char* at = start.first_chunk;
    static char* end = start.first_chunk + sizeof start.first_chunk;
    size = (size + 15) & -(size_t)16;
    if ((size_t)(end - at) < size) {
        size_t chunk = size > CHUNK_SIZE ? (size + 4095) & -(size_t)4096 : CHUNK_SIZE;
        zx_handle_t vmo;
        zx_vaddr_t mapped;
        zx_status_t status = zx_vmo_create(chunk, 0, &vmo);
        if (status == ZX_OK) {
            status = zx_vmar_map(root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0, chunk,
                                 &mapped);
            zx_handle_close(vmo);
        }
        if (status != ZX_OK) fail(status, "there is no memory for the dynamic linker");
        at = (char*)mapped;
        end = at + chunk;
    }
    char* block = at;
    at += size;
    return block;
}

static void keep_handle(zx_handle_t handle, uint32_t purpose) {
    switch (PA_HND_TYPE(purpose)) {
        case PA_LDSVC_LOADER: service = handle; return;
        case PA_VMO_EXECUTABLE: executable = handle; return;
        case PA_VMAR_LOADED: loaded_vmar = handle; return;
        case PA_PROC_SELF: process = handle; return;
        case PA_VMAR_ROOT: root_vmar = handle; return;
        default: zx_handle_close(handle);
    }
}

static void read_environ(const char* at, const char* end, uint32_t count) {
    for (; count && at < end; count--, at += strlen(at) + 1) {
        if (!strncmp(at, "LD_DEBUG=", 9)) is_verbose = at[9] != 0;
        if (!strncmp(at, "LD_BIND_NOW=", 12)) is_bind_now = at[12] != 0;
    }
}

static void read_message(zx_handle_t bootstrap) {
    uint32_t size = 0, count = 0;
    zx_status_t status = zx_channel_read(bootstrap, 0, start.message, start.handles,
                                         MESSAGE_SIZE - 1, HANDLES_MAX, &size, &count);
    if (status != ZX_OK) fail(status, "the loader message cannot be read (%d)", status);
    const zx_proc_args_t* args = (const zx_proc_args_t*)start.message;
    if (size < sizeof *args || args->protocol != ZX_PROCARGS_PROTOCOL ||
        args->version != ZX_PROCARGS_VERSION || args->handle_info_off % 4 ||
        args->handle_info_off > size || (size - args->handle_info_off) / 4 < count ||
        args->args_off > size || args->environ_off > size) {
        fail(ZX_ERR_INVALID_ARGS, "the loader message is malformed");
    }
    // The buffer ends with a NUL that is not the message's, so every string in it ends.
    if (args->args_num) program = start.message + args->args_off;
    read_environ(start.message + args->environ_off, start.message + size, args->environ_num);
    const uint32_t* purposes = (const uint32_t*)(start.message + args->handle_info_off);
    for (uint32_t i = 0; i < count; i++) keep_handle(start.handles[i], purposes[i]);
    if (!executable || !root_vmar) {
        fail(ZX_ERR_INVALID_ARGS, "the loader message lacks %s",
             executable ? "PA_VMAR_ROOT" : "PA_VMO_EXECUTABLE");
    }
}

static image* find_image(const char* name) {
    for (image* one = images; one; one = one->next) {
        if (!strcmp(one->name, name)) return one;
    }
    return 0;
}

static image* load_library(const char* name, const image* wanted_by) {
    zx_handle_t vmo;
    if (!service) {
        fail(ZX_ERR_NOT_FOUND, "%s wants %s, and there is no loader service", wanted_by->name,
             name);
    }
    zx_status_t status = service_load(service, name, &vmo);
    if (status != ZX_OK) {
        fail(status, "%s: not found (%d), wanted by %s", name, status, wanted_by->name);
    }
    image* one = image_from_vmo(name, vmo, root_vmar);
    zx_handle_close(vmo);
    say("%s is at %p", name, (void*)one->bias);
    return one;
}

// Loads what is wanted, level by level, so that the list is in the order of lookups.
static void load_all(image* vdso, image* self) {
    image* last = images;
    for (image* one = images; one; one = one->next) {
        for (const elf_dynamic* entry = one->dynamic; entry && entry->tag != DT_NULL; entry++) {
            if (entry->tag != DT_NEEDED || one == vdso || one == self) continue;
            if (entry->value >= one->strings_size) {
                fail(ZX_ERR_INVALID_ARGS, "%s: a DT_NEEDED is outside DT_STRTAB", one->name);
            }
            const char* name = one->strings + entry->value;
            if (find_image(name)) continue;
            image* next = !strcmp(name, VDSO_NAME)     ? vdso
                          : !strcmp(name, LINKER_NAME) ? self
                                                       : load_library(name, one);
            last = last->next = next;
        }
    }
    // The kernel's calls are there for whoever names them, wanted or not.
    if (!find_image(VDSO_NAME)) last = last->next = vdso;
    if (!find_image(LINKER_NAME)) last->next = self;
}

static void finish(image* one) {
    one->bind_now |= is_bind_now;
    relocate(one);
    protect_relro(one);
    zx_handle_close(one->vmar);
}

__attribute__((used, visibility("hidden"))) uintptr_t link_program(zx_handle_t bootstrap,
                                                                   const char* vdso_base,
                                                                   const char* self_base) {
    read_message(bootstrap);
    image* vdso = image_in_memory(VDSO_NAME, vdso_base);
    image* self = image_in_memory(LINKER_NAME, self_base);
    self->vmar = loaded_vmar;
    images = image_from_vmo(program, executable, root_vmar);
    say("%s is at %p", program, (void*)images->bias);
    load_all(vdso, self);
    lay_out_tls();
    // The program comes last: what it copies of a library's data has to be right already.
    for (image* one = images->next; one; one = one->next) {
        if (one != vdso && one != self) finish(one);
    }
    finish(images);
    if (service) service_done(service);
    zx_handle_close(executable);
    zx_handle_close(process);
    zx_handle_close(loaded_vmar);
    say("the program starts at %p", (void*)(images->bias + images->entry));
    return (uintptr_t)images->bias + images->entry;
}

// An image's constructors run behind those of the images that it wants.
static void construct(image* one) {
    if (one->constructed) return;
    one->constructed = true;
    for (const elf_dynamic* entry = one->dynamic; entry && entry->tag != DT_NULL; entry++) {
        image* wanted = entry->tag == DT_NEEDED ? find_image(one->strings + entry->value) : 0;
        if (wanted) construct(wanted);
    }
    uint64_t count = dynamic_value(one, DT_INIT_ARRAYSZ) / sizeof(function);
    const function* array = (const function*)(one->bias + dynamic_value(one, DT_INIT_ARRAY));
    for (uint64_t i = 0; i < count; i++) array[i]();
}

EXPORTED void __zx_run_constructors(void) {
    for (image* one = images; one; one = one->next) construct(one);
}

EXPORTED void __zx_run_destructors(void) {
    for (image* one = images; one; one = one->next) {
        uint64_t count = dynamic_value(one, DT_FINI_ARRAYSZ) / sizeof(function);
        const function* array = (const function*)(one->bias + dynamic_value(one, DT_FINI_ARRAY));
        while (count--) array[count]();
    }
}
