// Sends every message back, bytes and handles alike, to whoever holds the other end of its channel
// (PA_USER0). Ends when that one goes, with the number of messages.
#include <stdint.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

static uint8_t bytes[ZX_CHANNEL_MAX_MSG_BYTES];
static zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];

int main(void) {
    zx_handle_t channel = zx_take_startup_handle(PA_HND(PA_USER0, 0));
    for (int count = 0;;) {
        uint32_t size = 0, handle_count = 0;
        zx_status_t status = zx_channel_read(channel, 0, bytes, handles, sizeof bytes,
                                             ZX_CHANNEL_MAX_MSG_HANDLES, &size, &handle_count);
        if (status == ZX_OK) {
            status = zx_channel_write(channel, 0, bytes, size, handles, handle_count);
            count += status == ZX_OK;
        } else if (status == ZX_ERR_SHOULD_WAIT) {
            status = zx_object_wait_one(channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
                                        ZX_TIME_INFINITE, 0);
        }
        if (status == ZX_ERR_PEER_CLOSED) return count;
        if (status != ZX_OK) return status;
    }
}
