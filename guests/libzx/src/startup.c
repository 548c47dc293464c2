// From the entry to main: thread-local memory, then the message that the launcher left.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#include "thread.h"

#define HANDLES_MAX 64
// Most messages fit in this; longer ones go on the stack, which launchers make long enough.
#define MESSAGE_SIZE 1024
#define VECTOR_SIZE 32
#define STACK_SIZE (256 << 10)

typedef int (*main_function)(int, char**, char**);

char** environ;

// What is touched at every start comes first, so that it shares one page.
static struct {
    zx_handle_t process, thread, root_vmar, job;
    uint32_t handle_count;
    int argc;
    char** argv;
    main_function main;
    char* vector[VECTOR_SIZE];
    _Alignas(64) char block[512];
    _Alignas(8) char message[MESSAGE_SIZE];
    const uint32_t* purposes;
    zx_handle_info_t handles[HANDLES_MAX];
    // Where code with a shadow call stack keeps return addresses. Only such code touches it.
    _Alignas(16) char shadow[4096];
} startup;

static _Noreturn void fail(const char* reason, zx_status_t status) {
    zx_debug_write("libzx: ", 7);
    zx_debug_write(reason, strlen(reason));
    zx_debug_write("\n", 1);
    zx_process_exit(status);
}

// Cuts `count` strings out of the message; answers how far they go, or 0 if they do not end in it.
static uint32_t cut_strings(char* message, uint32_t at, uint32_t count, uint32_t size, char** out) {
    for (uint32_t i = 0; i < count; i++) {
        if (at >= size) return 0;
        char* end = memchr(message + at, 0, size - at);
        if (!end) return 0;
        out[i] = message + at;
        at = (uint32_t)(end - message) + 1;
    }
    out[count] = 0;
    return at | 1;
}

static void keep_handle(zx_handle_info_t* info, uint32_t purpose) {
    uint32_t type = PA_HND_TYPE(purpose), argument = PA_HND_ARG(purpose);
    zx_handle_t* kept = type == PA_PROC_SELF     ? &startup.process
                        : type == PA_THREAD_SELF ? &startup.thread
                        : type == PA_VMAR_ROOT   ? &startup.root_vmar
                        : type == PA_JOB_DEFAULT ? &startup.job
                                                 : 0;
    if (kept) {
        *kept = info->handle;
        info->handle = ZX_HANDLE_INVALID;
    } else if (type == PA_FD) {
        if (argument & PA_FD_FOR_STDIO) {
            for (unsigned fd = 0; fd < 3; fd++) __zx_set_fd(fd, info->handle, info->type);
        } else {
            __zx_set_fd(argument, info->handle, info->type);
        }
        info->handle = ZX_HANDLE_INVALID;
    }
}

static void use_message(char* message, uint32_t size, char** vector) {
    const zx_proc_args_t* args = (const zx_proc_args_t*)message;
    if (args->protocol != ZX_PROCARGS_PROTOCOL || args->version != ZX_PROCARGS_VERSION) {
        fail("the bootstrap message is of another protocol", ZX_ERR_INVALID_ARGS);
    }
    uint32_t count = startup.handle_count;
    uint32_t purposes = args->handle_info_off;
    if (purposes % 4 || purposes > size || (size - purposes) / 4 < count) {
        fail("the bootstrap message has no purpose for each handle", ZX_ERR_INVALID_ARGS);
    }
    startup.purposes = (const uint32_t*)(message + purposes);
    for (uint32_t i = 0; i < count; i++) keep_handle(&startup.handles[i], startup.purposes[i]);
    char** env = vector + args->args_num + 1;
    if (!cut_strings(message, args->args_off, args->args_num, size, vector) ||
        !cut_strings(message, args->environ_off, args->environ_num, size, env)) {
        fail("the bootstrap message's strings do not end in it", ZX_ERR_INVALID_ARGS);
    }
    startup.argc = (int)args->args_num;
    startup.argv = vector;
    environ = env;
}

static _Noreturn void run_main(void) {
    __zx_run_constructors();
    exit(startup.main(startup.argc, startup.argv, environ));
}

#ifdef ZX_DYNAMIC
// A dynamic linker's stack is just long enough for the message; main gets one of its own.
static _Noreturn void run_main_on_new_stack(void) {
    char* stack = __zx_map(STACK_SIZE);
    if (!stack) fail("there is no memory for the stack", ZX_ERR_NO_MEMORY);
    __asm__ volatile("mv sp, %0\n\tjr %1" : : "r"(stack + STACK_SIZE), "r"(run_main));
    __builtin_unreachable();
}
#endif

static void set_thread_registers(char* tp) {
    __asm__ volatile("mv tp, %0\n\tmv gp, %1" : : "r"(tp), "r"(startup.shadow));
}

static char* main_thread_block(void) {
    size_t size = __zx_thread_size();
    if (size <= sizeof startup.block) return __zx_thread_init(startup.block, size);
    char* block = __zx_map(size);
    if (!block) fail("there is no memory for thread-local variables", ZX_ERR_NO_MEMORY);
    return __zx_thread_init(block, size);
}

__attribute__((noinline)) static _Noreturn void start(char* message, uint32_t size) {
    const zx_proc_args_t* args = (const zx_proc_args_t*)message;
    char** vector = startup.vector;
    if (size < sizeof *args || args->args_num > size || args->environ_num > size) {
        fail("the bootstrap message is too short", ZX_ERR_INVALID_ARGS);
    }
    size_t strings = (size_t)args->args_num + args->environ_num + 2;
    if (strings > VECTOR_SIZE) vector = __builtin_alloca(strings * sizeof *vector);
    use_message(message, size, vector);
    set_thread_registers(main_thread_block());
    thrd_current()->handle = startup.thread;
#ifdef ZX_DYNAMIC
    run_main_on_new_stack();
#else
    run_main();
#endif
}

__attribute__((visibility("default"))) _Noreturn void __zx_start_main(zx_handle_t bootstrap,
                                                                       uintptr_t vdso,
                                                                       main_function main) {
    uint32_t size = 0;
    char* message = startup.message;
    (void)vdso;
    startup.main = main;
    zx_status_t status = zx_channel_read_etc(bootstrap, 0, message, startup.handles, MESSAGE_SIZE,
                                             HANDLES_MAX, &size, &startup.handle_count);
    if (status == ZX_ERR_BUFFER_TOO_SMALL && size > MESSAGE_SIZE) {
        message = __builtin_alloca(size);
        status = zx_channel_read_etc(bootstrap, 0, message, startup.handles, size, HANDLES_MAX,
                                     &size, &startup.handle_count);
    }
    if (status != ZX_OK) fail("there is no bootstrap message", status);
    zx_handle_close(bootstrap);
    start(message, size);
}

zx_handle_t zx_take_startup_handle(uint32_t purpose) {
    for (uint32_t i = 0; i < startup.handle_count; i++) {
        zx_handle_t handle = startup.handles[i].handle;
        if (startup.purposes[i] == purpose && handle) {
            startup.handles[i].handle = ZX_HANDLE_INVALID;
            return handle;
        }
    }
    return ZX_HANDLE_INVALID;
}

zx_handle_t zx_process_self(void) { return startup.process; }

zx_handle_t zx_thread_self(void) { return thrd_current()->handle; }

zx_handle_t zx_vmar_root_self(void) { return startup.root_vmar; }

zx_handle_t zx_job_default(void) { return startup.job; }
