// Threads, mutexes and condition variables over the kernel's threads and futexes.
#include <threads.h>

#include <stddef.h>
#include <string.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#include "thread.h"

#define PAGE ((size_t)ZX_PAGE_SIZE)
#define STACK_SIZE ((size_t)64 << 10)
#define SHADOW_SIZE PAGE

uintptr_t __zx_stack_guard = 0x6f7d93a1c4e85200;

static size_t round_up(size_t value, size_t to) { return (value + to - 1) / to * to; }

size_t __zx_thread_size(void) {
    size_t align = 16;
    size_t size = __zx_tls_size(&align);
    return round_up(sizeof(struct zx_thread), align) + align + size;
}

char* __zx_thread_init(char* block, size_t size) {
    size_t align = 16;
    __zx_tls_size(&align);
    char* tp = (char*)round_up((size_t)block + sizeof(struct zx_thread), align);
    struct zx_thread* thread = (struct zx_thread*)tp - 1;
    (void)size;
    thread->stack_guard = __zx_stack_guard;
    __zx_tls_init(tp);
    return tp;
}

thrd_t thrd_current(void) {
    char* tp;
    __asm__("mv %0, tp" : "=r"(tp));
    return (thrd_t)tp - 1;
}

// Reads one mapping, zeroed, at an offset of a region.
static zx_status_t map_at(zx_handle_t vmar, size_t offset, size_t size, zx_vaddr_t* out) {
    zx_handle_t vmo;
    zx_status_t status = zx_vmo_create(size, 0, &vmo);
    if (status != ZX_OK) return status;
    zx_vm_option_t options = ZX_VM_PERM_READ | ZX_VM_PERM_WRITE;
    if (vmar != zx_vmar_root_self()) options |= ZX_VM_SPECIFIC;
    status = zx_vmar_map(vmar, options, offset, vmo, 0, size, out);
    zx_handle_close(vmo);
    return status;
}

void* __zx_map(size_t size) {
    zx_vaddr_t address;
    size = round_up(size, PAGE);
    return map_at(zx_vmar_root_self(), 0, size, &address) == ZX_OK ? (void*)address : 0;
}

__attribute__((used)) static _Noreturn void run_thread(struct zx_thread* thread) {
    thrd_exit(thread->function(thread->argument));
}

// The kernel starts a thread with two arguments: its record, and its shadow call stack.
__attribute__((naked)) static void thread_entry(void) {
    __asm__("mv gp, a1\n\t"
            "addi tp, a0, %0\n\t"
            "tail run_thread"
            :
            : "i"(sizeof(struct zx_thread)));
}

// A region of unmapped page, stack, thread-local memory, shadow call stack, unmapped page.
int thrd_create(thrd_t* out, thrd_start_t function, void* argument) {
    size_t block = round_up(__zx_thread_size(), PAGE);
    size_t size = STACK_SIZE + block + SHADOW_SIZE;
    zx_vaddr_t region, base;
    zx_handle_t vmar;
    zx_vm_option_t can = ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_SPECIFIC;
    if (zx_vmar_allocate(zx_vmar_root_self(), can, 0, size + 2 * PAGE, &vmar, &region) != ZX_OK) {
        return thrd_nomem;
    }
    if (map_at(vmar, PAGE, size, &base) != ZX_OK) goto failed;
    char* tp = __zx_thread_init((char*)base + STACK_SIZE, block);
    struct zx_thread* thread = (struct zx_thread*)tp - 1;
    thread->vmar = vmar;
    thread->function = function;
    thread->argument = argument;
    if (zx_thread_create(zx_process_self(), "thread", 6, 0, &thread->handle) != ZX_OK) goto failed;
    *out = thread;
    if (zx_thread_start(thread->handle, (zx_vaddr_t)thread_entry, base + STACK_SIZE,
                        (uintptr_t)thread, base + STACK_SIZE + block) == ZX_OK) {
        return thrd_success;
    }
    zx_handle_close(thread->handle);
failed:
    zx_vmar_destroy(vmar);
    zx_handle_close(vmar);
    return thrd_error;
}

int thrd_join(thrd_t thread, int* result) {
    zx_handle_t handle = thread->handle, vmar = thread->vmar;
    zx_status_t status =
        zx_object_wait_one(handle, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, 0);
    if (status != ZX_OK) return thrd_error;
    if (result) *result = thread->result;
    zx_handle_close(handle);
    zx_vmar_destroy(vmar);
    zx_handle_close(vmar);
    return thrd_success;
}

void thrd_exit(int result) {
    thrd_current()->result = result;
    zx_thread_exit();
}

void thrd_yield(void) { zx_nanosleep(0); }

// A mutex is 0 where it is free, 1 where it is held, 2 where somebody may be waiting for it.
int mtx_init(mtx_t* mutex, int type) {
    (void)type;
    mutex->state = 0;
    return thrd_success;
}

int mtx_trylock(mtx_t* mutex) {
    int32_t expected = 0;
    return __atomic_compare_exchange_n(&mutex->state, &expected, 1, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED)
               ? thrd_success
               : thrd_busy;
}

int mtx_lock(mtx_t* mutex) {
    if (mtx_trylock(mutex) == thrd_success) return thrd_success;
    while (__atomic_exchange_n(&mutex->state, 2, __ATOMIC_ACQUIRE) != 0) {
        zx_futex_wait(&mutex->state, 2, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
    }
    return thrd_success;
}

int mtx_unlock(mtx_t* mutex) {
    if (__atomic_exchange_n(&mutex->state, 0, __ATOMIC_RELEASE) == 2) {
        zx_futex_wake(&mutex->state, 1);
    }
    return thrd_success;
}

void mtx_destroy(mtx_t* mutex) { (void)mutex; }

int cnd_init(cnd_t* condition) {
    condition->sequence = 0;
    return thrd_success;
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    int32_t sequence = __atomic_load_n(&condition->sequence, __ATOMIC_RELAXED);
    mtx_unlock(mutex);
    zx_futex_wait(&condition->sequence, sequence, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
    return mtx_lock(mutex);
}

static int wake(cnd_t* condition, uint32_t count) {
    __atomic_fetch_add(&condition->sequence, 1, __ATOMIC_RELAXED);
    zx_futex_wake(&condition->sequence, count);
    return thrd_success;
}

int cnd_signal(cnd_t* condition) { return wake(condition, 1); }

int cnd_broadcast(cnd_t* condition) { return wake(condition, UINT32_MAX); }

void cnd_destroy(cnd_t* condition) { (void)condition; }

// Compilers call this where a function has overwritten the end of its own frame.
__attribute__((visibility("default"))) _Noreturn void __stack_chk_fail(void) {
    static const char text[] = "libzx: a function wrote over its stack frame\n";
    zx_debug_write(text, sizeof text - 1);
    __builtin_trap();
}
