// The launcher's protocol: a header, and behind it the message that the new program is to get.
#include <zx/launcher.h>

#include <stdlib.h>
#include <string.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#define ORDINAL_LAUNCH 0x6a777df512eb82deu
#define REASON_MAX 512

typedef struct {
    uint32_t txid;
    uint8_t flags[3];
    uint8_t magic;
    uint64_t ordinal;
} message_header;

typedef struct {
    message_header header;
    zx_status_t status;
    uint32_t reason_size;
    char reason[REASON_MAX];
} launch_reply;

static uint32_t measure(const char* const* texts, uint32_t* size) {
    uint32_t count = 0;
    for (; texts && texts[count]; count++) *size += (uint32_t)strlen(texts[count]) + 1;
    return count;
}

static char* put_texts(char* at, const char* const* texts) {
    for (; texts && *texts; texts++) {
        size_t size = strlen(*texts) + 1;
        memcpy(at, *texts, size);
        at += size;
    }
    return at;
}

// The whole request, in memory of its own; 0 where there is none.
static char* compose(const zx_launch_t* request, uint32_t* size) {
    uint32_t fixed = (uint32_t)(sizeof(zx_proc_args_t) + request->num_handles * 4);
    uint32_t args_size = 0, environ_size = 0;
    uint32_t args_num = measure(request->argv, &args_size);
    uint32_t environ_num = measure(request->environ, &environ_size);
    *size = (uint32_t)sizeof(message_header) + fixed + args_size + environ_size;
    char* bytes = malloc(*size);
    if (!bytes) return 0;
    message_header header = {.magic = 1, .ordinal = ORDINAL_LAUNCH};
    zx_proc_args_t args = {
        .protocol = ZX_PROCARGS_PROTOCOL,
        .version = ZX_PROCARGS_VERSION,
        .handle_info_off = sizeof args,
        .args_off = fixed,
        .args_num = args_num,
        .environ_off = fixed + args_size,
        .environ_num = environ_num,
        .names_off = fixed + args_size + environ_size,
    };
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + sizeof header, &args, sizeof args);
    uint32_t* purposes = (uint32_t*)(bytes + sizeof header + sizeof args);
    for (size_t i = 0; i < request->num_handles; i++) purposes[i] = request->handles[i].purpose;
    put_texts(put_texts(bytes + sizeof header + fixed, request->argv), request->environ);
    return bytes;
}

static void give_reason(const launch_reply* reply, uint32_t size, char* reason, size_t room) {
    uint32_t got = size < sizeof *reply - REASON_MAX ? 0 : size - (sizeof *reply - REASON_MAX);
    if (got > reply->reason_size) got = reply->reason_size;
    if (!reason || !room) return;
    if (got > room - 1) got = (uint32_t)(room - 1);
    memcpy(reason, reply->reason, got);
    reason[got] = 0;
}

zx_status_t zx_launch(zx_handle_t launcher, const zx_launch_t* request, zx_handle_t* process,
                      char* reason, size_t reason_size) {
    zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
    launch_reply reply = {0};
    uint32_t size = 0, reply_size = 0, reply_handles = 0;
    *process = ZX_HANDLE_INVALID;
    if (reason && reason_size) *reason = 0;
    size_t count = request->num_handles;
    bool fits = count <= ZX_CHANNEL_MAX_MSG_HANDLES;
    char* bytes = fits ? compose(request, &size) : 0;
    if (!bytes) {
        for (size_t i = 0; i < count; i++) zx_handle_close(request->handles[i].handle);
        return fits ? ZX_ERR_NO_MEMORY : ZX_ERR_OUT_OF_RANGE;
    }
    for (size_t i = 0; i < count; i++) handles[i] = request->handles[i].handle;
    zx_channel_call_args_t args = {
        .wr_bytes = bytes,
        .wr_num_bytes = size,
        .wr_handles = handles,
        .wr_num_handles = (uint32_t)count,
        .rd_bytes = &reply,
        .rd_num_bytes = sizeof reply,
        .rd_handles = process,
        .rd_num_handles = 1,
    };
    zx_status_t status = zx_channel_call(launcher, 0, ZX_TIME_INFINITE, &args, &reply_size,
                                         &reply_handles);
    free(bytes);
    if (status != ZX_OK) return status;
    give_reason(&reply, reply_size, reason, reason_size);
    if (reply.status == ZX_OK && !reply_handles) return ZX_ERR_IO;
    return reply.status;
}
