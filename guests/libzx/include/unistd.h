#pragma once

#include <stddef.h>
#include <stdint.h>

typedef intptr_t ssize_t;

// Whole buffers or an error, which is a status: descriptors are sockets, channels or debug logs.
ssize_t write(int fd, const void* bytes, size_t size);
ssize_t read(int fd, void* bytes, size_t size);

extern char** environ;
