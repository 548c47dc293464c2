// What the library knows of each thread. It lies right below the address in `tp`, where compilers
// expect the last two words; thread-local variables lie right above.
#pragma once

#include <threads.h>
#include <zx/types.h>

struct zx_thread {
    zx_handle_t handle;
    zx_handle_t vmar;
    thrd_start_t function;
    void* argument;
    int result;
    uintptr_t stack_guard;
    uintptr_t unsafe_stack;
};

#define HIDDEN __attribute__((visibility("hidden")))

// Thread-local memory: how many bytes from `tp` on, and what they start as. A dynamic linker knows
// the images of all libraries; a static program has just its own.
#ifdef ZX_DYNAMIC
size_t __zx_tls_size(size_t* align);
void __zx_tls_init(char* tp);
void __zx_run_constructors(void);
void __zx_run_destructors(void);
#else
HIDDEN size_t __zx_tls_size(size_t* align);
HIDDEN void __zx_tls_init(char* tp);
HIDDEN void __zx_run_constructors(void);
HIDDEN void __zx_run_destructors(void);
#endif

// Puts a thread's record and thread-local variables into a block of memory; answers its `tp`.
HIDDEN char* __zx_thread_init(char* block, size_t size);

// Bytes that such a block needs.
HIDDEN size_t __zx_thread_size(void);

// Maps zeroed memory for reading and writing; 0 where there is none.
HIDDEN void* __zx_map(size_t size);

// Writes out what printf has collected.
HIDDEN void __zx_flush(void);

// Makes a handle the descriptor `fd`.
HIDDEN void __zx_set_fd(unsigned fd, zx_handle_t handle, zx_obj_type_t type);

extern HIDDEN uintptr_t __zx_stack_guard;
