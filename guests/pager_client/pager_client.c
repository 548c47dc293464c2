// Supplies memory itself: one thread answers the kernel's requests for pages, the other reads them.
// The first argument is how many pages. Ends with 0 if each page came with the right bytes.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#define KEY 0x9a6e5

static zx_handle_t pager, port, paged;
static int requests;

static uint64_t pattern(uint64_t page) { return page * 0x9e3779b97f4a7c15u + 1; }

// The kernel takes pages out of an auxiliary VMO.
static zx_status_t supply(uint64_t offset, uint64_t length) {
    zx_handle_t auxiliary;
    zx_status_t status = zx_vmo_create(length, 0, &auxiliary);
    if (status != ZX_OK) return status;
    for (uint64_t at = 0; at < length; at += ZX_PAGE_SIZE) {
        uint64_t word = pattern((offset + at) / ZX_PAGE_SIZE);
        zx_vmo_write(auxiliary, &word, at, sizeof word);
    }
    status = zx_pager_supply_pages(pager, paged, offset, length, auxiliary, 0);
    zx_handle_close(auxiliary);
    return status;
}

static int serve(void* argument) {
    (void)argument;
    for (;;) {
        zx_port_packet_t packet;
        zx_status_t status = zx_port_wait(port, ZX_TIME_INFINITE, &packet);
        if (status != ZX_OK) return status;
        if (packet.type != ZX_PKT_TYPE_PAGE_REQUEST || packet.key != KEY) continue;
        if (packet.page_request.command == ZX_PAGER_VMO_COMPLETE) return 0;
        requests++;
        status = supply(packet.page_request.offset, packet.page_request.length);
        if (status != ZX_OK) return status;
    }
}

int main(int argc, char** argv) {
    uint64_t pages = argc > 1 ? (uint64_t)atoi(argv[1]) : 4, right = 0;
    thrd_t server;
    zx_vaddr_t address = 0;
    int result = -1;
    if (zx_pager_create(0, &pager) != ZX_OK || zx_port_create(0, &port) != ZX_OK) return 1;
    if (zx_pager_create_vmo(pager, 0, port, KEY, pages * ZX_PAGE_SIZE, &paged) != ZX_OK) return 1;
    zx_status_t status =
        zx_vmar_map(zx_vmar_root_self(), ZX_VM_PERM_READ | ZX_VM_ALLOW_FAULTS, 0, paged, 0,
                    pages * ZX_PAGE_SIZE, &address);
    if (status != ZX_OK || thrd_create(&server, serve, 0) != thrd_success) return 1;
    for (uint64_t page = 0; page < pages; page++) {
        right += *(volatile uint64_t*)(address + page * ZX_PAGE_SIZE) == pattern(page);
    }
    // The pager lets go of the memory, and says so to the thread that serves it.
    zx_pager_detach_vmo(pager, paged);
    thrd_join(server, &result);
    printf("%d of %d pages were right, after %d requests\n", (int)right, (int)pages, requests);
    return right == pages && result == 0 ? 0 : 1;
}
