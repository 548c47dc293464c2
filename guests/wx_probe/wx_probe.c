// Tries every way to run bytes that it has written itself, and says what the system answers to each.
// Ends with a bit for each way that worked. Only marking memory executable does, where the job's
// policy or a resource allows it.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define READ_EXECUTE (ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE)

// li a0, 42; ret
static const uint32_t code[] = {0x02a00513, 0x00008067};

static int run(zx_vaddr_t address) {
    int (*function)(void) = (int (*)(void))address;
    __asm__ volatile("fence.i" : : : "memory");
    return function();
}

static zx_handle_t fresh(void) {
    zx_handle_t vmo = ZX_HANDLE_INVALID;
    zx_vmo_create(ZX_PAGE_SIZE, 0, &vmo);
    zx_vmo_write(vmo, code, 0, sizeof code);
    return vmo;
}

static zx_status_t map(zx_vm_option_t options, zx_handle_t vmo, zx_vaddr_t* at) {
    return zx_vmar_map(zx_vmar_root_self(), options, 0, vmo, 0, ZX_PAGE_SIZE, at);
}

static zx_status_t map_all(zx_vaddr_t* at) {
    return map(READ_WRITE | ZX_VM_PERM_EXECUTE, fresh(), at);
}

static zx_status_t map_executable(zx_vaddr_t* at) { return map(READ_EXECUTE, fresh(), at); }

static zx_status_t protect_later(zx_vaddr_t* at) {
    zx_status_t status = map(READ_WRITE, fresh(), at);
    if (status != ZX_OK) return status;
    return zx_vmar_protect(zx_vmar_root_self(), READ_EXECUTE, *at, ZX_PAGE_SIZE);
}

static zx_status_t map_marked(zx_vm_option_t options, zx_vaddr_t* at) {
    zx_handle_t vmo;
    zx_status_t status = zx_vmo_replace_as_executable(fresh(), ZX_HANDLE_INVALID, &vmo);
    return status != ZX_OK ? status : map(options, vmo, at);
}

static zx_status_t mark_executable(zx_vaddr_t* at) { return map_marked(READ_EXECUTE, at); }

static zx_status_t mark_with_resource(zx_vaddr_t* at) {
    zx_handle_t vmex = zx_take_startup_handle(PA_HND(PA_USER0, 0)), vmo;
    if (!vmex) return ZX_ERR_NOT_FOUND;
    zx_status_t status = zx_vmo_replace_as_executable(fresh(), vmex, &vmo);
    return status != ZX_OK ? status : map(READ_EXECUTE, vmo, at);
}

static zx_status_t map_marked_all(zx_vaddr_t* at) {
    return map_marked(READ_WRITE | ZX_VM_PERM_EXECUTE, at);
}

static zx_status_t protect_marked_all(zx_vaddr_t* at) {
    zx_status_t status = map_marked(READ_EXECUTE, at);
    if (status != ZX_OK) return status;
    return zx_vmar_protect(zx_vmar_root_self(), READ_WRITE | ZX_VM_PERM_EXECUTE, *at, ZX_PAGE_SIZE);
}

static const struct {
    const char* name;
    zx_status_t (*attempt)(zx_vaddr_t*);
} ways[] = {
    {"map written memory to read, write and execute", map_all},
    {"map written memory to execute", map_executable},
    {"protect written memory to execute", protect_later},
    {"mark written memory executable without a resource", mark_executable},
    {"mark written memory executable with a resource", mark_with_resource},
    {"map marked memory to read, write and execute", map_marked_all},
    {"protect marked memory to write as well", protect_marked_all},
};

int main(void) {
    int worked = 0;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        zx_vaddr_t address = 0;
        zx_status_t status = ways[i].attempt(&address);
        if (status == ZX_OK && run(address) == 42) worked |= 1 << i;
        printf("%s: %d%s\n", ways[i].name, status, worked >> i & 1 ? ", and it runs" : "");
    }
    return worked;
}
