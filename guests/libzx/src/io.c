// Descriptors over handles, and printf on them.
#include <stdio.h>

#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <zx/syscalls.h>

#include "format.h"
#include "thread.h"

#define FDS_MAX 16
#define LINE_MAX 200

static struct {
    zx_handle_t handle;
    zx_obj_type_t type;
} fds[FDS_MAX];

// What printf has collected: standard output goes out line by line.
static struct {
    mtx_t lock;
    size_t size;
    char bytes[LINE_MAX];
} line;

void __zx_set_fd(unsigned fd, zx_handle_t handle, zx_obj_type_t type) {
    if (fd >= FDS_MAX) return;
    fds[fd].handle = handle;
    fds[fd].type = type;
}

static zx_status_t write_socket(zx_handle_t socket, const char* bytes, size_t size) {
    while (size) {
        size_t actual = 0;
        zx_status_t status = zx_socket_write(socket, 0, bytes, size, &actual);
        if (status == ZX_ERR_SHOULD_WAIT) {
            status = zx_object_wait_one(socket, ZX_SOCKET_WRITABLE | ZX_SOCKET_PEER_CLOSED,
                                        ZX_TIME_INFINITE, 0);
        }
        if (status != ZX_OK) return status;
        bytes += actual;
        size -= actual;
    }
    return ZX_OK;
}

// A record for each line, so that lines of several processes do not mix.
static zx_status_t write_log(zx_handle_t log, const char* bytes, size_t size) {
    while (size) {
        const char* end = memchr(bytes, '\n', size);
        size_t length = end ? (size_t)(end - bytes) : size;
        length += end != 0;
        if (length > ZX_LOG_DATA_MAX) length = ZX_LOG_DATA_MAX;
        zx_status_t status = zx_debuglog_write(log, 0, bytes, length);
        if (status != ZX_OK) return status;
        bytes += length;
        size -= length;
    }
    return ZX_OK;
}

static zx_status_t write_channel(zx_handle_t channel, const char* bytes, size_t size) {
    while (size) {
        uint32_t length = size < ZX_CHANNEL_MAX_MSG_BYTES ? size : ZX_CHANNEL_MAX_MSG_BYTES;
        zx_status_t status = zx_channel_write(channel, 0, bytes, length, 0, 0);
        if (status != ZX_OK) return status;
        bytes += length;
        size -= length;
    }
    return ZX_OK;
}

ssize_t write(int fd, const void* bytes, size_t size) {
    zx_status_t status = ZX_ERR_BAD_HANDLE;
    zx_handle_t handle = (unsigned)fd < FDS_MAX ? fds[fd].handle : ZX_HANDLE_INVALID;
    // Without a descriptor to print on there is still the kernel's own console.
    if (!handle && (fd == 1 || fd == 2)) {
        status = zx_debug_write(bytes, size);
    } else if (handle && fds[fd].type == ZX_OBJ_TYPE_SOCKET) {
        status = write_socket(handle, bytes, size);
    } else if (handle && fds[fd].type == ZX_OBJ_TYPE_LOG) {
        status = write_log(handle, bytes, size);
    } else if (handle && fds[fd].type == ZX_OBJ_TYPE_CHANNEL) {
        status = write_channel(handle, bytes, size);
    }
    return status == ZX_OK ? (ssize_t)size : status;
}

ssize_t read(int fd, void* bytes, size_t size) {
    zx_handle_t handle = (unsigned)fd < FDS_MAX ? fds[fd].handle : ZX_HANDLE_INVALID;
    if (!handle) return ZX_ERR_BAD_HANDLE;
    for (;;) {
        zx_status_t status;
        size_t actual = 0;
        if (fds[fd].type == ZX_OBJ_TYPE_SOCKET) {
            status = zx_socket_read(handle, 0, bytes, size, &actual);
        } else if (fds[fd].type == ZX_OBJ_TYPE_CHANNEL) {
            uint32_t count = 0;
            status = zx_channel_read(handle, 0, bytes, 0, (uint32_t)size, 0, &count, 0);
            actual = count;
        } else {
            return ZX_ERR_NOT_SUPPORTED;
        }
        if (status == ZX_OK) return (ssize_t)actual;
        if (status == ZX_ERR_PEER_CLOSED) return 0;
        if (status != ZX_ERR_SHOULD_WAIT) return status;
        // Both kinds of object use the same signals.
        zx_object_wait_one(handle, ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED, ZX_TIME_INFINITE,
                           0);
    }
}

static void flush_locked(void) {
    if (line.size) write(1, line.bytes, line.size);
    line.size = 0;
}

void __zx_flush(void) {
    mtx_lock(&line.lock);
    flush_locked();
    mtx_unlock(&line.lock);
}

static void collect(const char* bytes, size_t size) {
    while (size) {
        size_t room = LINE_MAX - line.size;
        size_t part = size < room ? size : room;
        memcpy(line.bytes + line.size, bytes, part);
        line.size += part;
        bytes += part;
        size -= part;
        if (line.size == LINE_MAX || memchr(line.bytes, '\n', line.size)) flush_locked();
    }
}

static void put_in_line(sink* out, const char* bytes, size_t size) {
    (void)out;
    collect(bytes, size);
}

static void put_in_fd(sink* out, const char* bytes, size_t size) { write(out->fd, bytes, size); }

int vdprintf(int fd, const char* format, va_list args) {
    sink out = {.put = fd == 1 ? put_in_line : put_in_fd, .fd = fd};
    va_list copy;
    va_copy(copy, args);
    if (fd == 1) mtx_lock(&line.lock);
    format_to(&out, format, &copy);
    if (fd == 1) mtx_unlock(&line.lock);
    va_end(copy);
    return (int)out.total;
}

int vsnprintf(char* to, size_t size, const char* format, va_list args) {
    va_list copy;
    va_copy(copy, args);
    int count = format_list(to, size, format, &copy);
    va_end(copy);
    return count;
}

int vprintf(const char* format, va_list args) { return vdprintf(1, format, args); }

#define VARIADIC(call)           \
    va_list args;                \
    va_start(args, format);      \
    int count = call;            \
    va_end(args);                \
    return count

int printf(const char* format, ...) { VARIADIC(vdprintf(1, format, args)); }

int dprintf(int fd, const char* format, ...) { VARIADIC(vdprintf(fd, format, args)); }

int snprintf(char* to, size_t size, const char* format, ...) {
    VARIADIC(vsnprintf(to, size, format, args));
}

int puts(const char* text) {
    mtx_lock(&line.lock);
    collect(text, strlen(text));
    collect("\n", 1);
    mtx_unlock(&line.lock);
    return 0;
}

int putchar(int letter) {
    char byte = (char)letter;
    mtx_lock(&line.lock);
    collect(&byte, 1);
    mtx_unlock(&line.lock);
    return (unsigned char)letter;
}
