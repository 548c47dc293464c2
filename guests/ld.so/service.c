// The loader service's protocol: one request for each file, by name.
#include <string.h>

#include "ld.h"

#define ORDINAL_LOAD_OBJECT 0x48c5a151d6df2853u
#define ORDINAL_DONE 0x63ba6b76d3671001u
#define MESSAGE_MAX 1024
#define PRESENT UINT64_MAX

typedef struct {
    uint32_t txid;
    uint8_t flags[3];
    uint8_t magic;
    uint64_t ordinal;
} message_header;

static struct {
    message_header header;
    uint64_t size;
    uint64_t presence;
    char name[MESSAGE_MAX - 32];
} request;

typedef struct {
    message_header header;
    zx_status_t status;
    uint32_t object;
} load_reply;

static message_header header_for(uint64_t ordinal) {
    return (message_header){.flags = {2}, .magic = 1, .ordinal = ordinal};
}

zx_status_t service_load(zx_handle_t service, const char* name, zx_handle_t* vmo) {
    size_t size = strlen(name);
    if (size > sizeof request.name) return ZX_ERR_OUT_OF_RANGE;
    request.header = header_for(ORDINAL_LOAD_OBJECT);
    request.size = size;
    request.presence = PRESENT;
    memcpy(request.name, name, size);
    size_t padded = (size + 7) & -(size_t)8;
    memset(request.name + size, 0, padded - size);

    load_reply reply;
    *vmo = ZX_HANDLE_INVALID;
    zx_channel_call_args_t args = {
        .wr_bytes = &request,
        .wr_num_bytes = (uint32_t)(32 + padded),
        .rd_bytes = &reply,
        .rd_num_bytes = sizeof reply,
        .rd_handles = vmo,
        .rd_num_handles = 1,
    };
    uint32_t bytes = 0, handles = 0;
    zx_status_t status = zx_channel_call(service, 0, ZX_TIME_INFINITE, &args, &bytes, &handles);
    if (status != ZX_OK) return status;
    if (bytes != sizeof reply || reply.header.ordinal != ORDINAL_LOAD_OBJECT) return ZX_ERR_IO;
    if (reply.status != ZX_OK) return reply.status;
    return handles == 1 ? ZX_OK : ZX_ERR_IO;
}

void service_done(zx_handle_t service) {
    message_header header = header_for(ORDINAL_DONE);
    zx_channel_write(service, 0, &header, sizeof header, 0, 0);
    zx_handle_close(service);
}
