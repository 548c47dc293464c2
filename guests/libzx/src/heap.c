// malloc over mapped memory: powers of two from chunks, large blocks mapped one by one.
#include <stdlib.h>

#include <stdint.h>
#include <string.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

#include "thread.h"

#define CHUNK_SIZE ((size_t)64 << 10)
#define SMALLEST 5
#define LARGEST 15
#define ALIGN 16

// In front of every block: where its memory starts and how much that is.
typedef struct header {
    size_t size;
    union {
        char* start;
        struct header* next;
    };
} header;

static struct {
    mtx_t lock;
    header* free[LARGEST + 1];
    char* at;
    char* end;
} heap;

static int class_of(size_t size) {
    int order = SMALLEST;
    while (((size_t)1 << order) < size) order++;
    return order;
}

static header* take(int order) {
    header* block = heap.free[order];
    if (block) {
        heap.free[order] = block->next;
        return block;
    }
    size_t size = (size_t)1 << order;
    if ((size_t)(heap.end - heap.at) < size) {
        // What is left of the old chunk is not lost: it becomes blocks of smaller sizes.
        for (int small = LARGEST; small >= SMALLEST; small--) {
            size_t piece = (size_t)1 << small;
            if ((size_t)(heap.end - heap.at) < piece) continue;
            block = (header*)heap.at;
            block->size = piece;
            block->next = heap.free[small];
            heap.free[small] = block;
            heap.at += piece;
        }
        heap.at = __zx_map(CHUNK_SIZE);
        heap.end = heap.at ? heap.at + CHUNK_SIZE : 0;
        if (!heap.at) return 0;
    }
    block = (header*)heap.at;
    heap.at += size;
    block->size = size;
    return block;
}

static header* map_large(size_t size) {
    if (size < sizeof(header) || size > (size_t)1 << 40) return 0;
    size = (size + ZX_PAGE_SIZE - 1) & -(size_t)ZX_PAGE_SIZE;
    header* block = __zx_map(size);
    if (block) block->size = size;
    return block;
}

void* malloc(size_t size) {
    size_t whole = size + sizeof(header);
    header* block;
    if (whole < size || whole > (size_t)1 << LARGEST) {
        block = whole < size ? 0 : map_large(whole);
    } else {
        mtx_lock(&heap.lock);
        block = take(class_of(whole));
        mtx_unlock(&heap.lock);
    }
    if (!block) return 0;
    block->start = (char*)block;
    return block + 1;
}

// An aligned block may begin inside its memory; its header says where that starts.
void* aligned_alloc(size_t align, size_t size) {
    if (align <= ALIGN) return malloc(size);
    if (align & (align - 1) || size + align < size) return 0;
    char* plain = malloc(size + align);
    if (!plain) return 0;
    header* first = (header*)plain - 1;
    char* aligned = (char*)(((uintptr_t)plain + align - 1) & -(uintptr_t)align);
    header* block = (header*)aligned - 1;
    size_t whole = first->size;
    block->start = (char*)first;
    block->size = whole;
    return aligned;
}

void free(void* old) {
    if (!old) return;
    header* block = (header*)old - 1;
    header* first = (header*)block->start;
    size_t size = block->size;
    if (size > (size_t)1 << LARGEST) {
        zx_vmar_unmap(zx_vmar_root_self(), (zx_vaddr_t)first, size);
        return;
    }
    int order = class_of(size);
    mtx_lock(&heap.lock);
    first->size = size;
    first->next = heap.free[order];
    heap.free[order] = first;
    mtx_unlock(&heap.lock);
}

void* calloc(size_t count, size_t size) {
    size_t whole;
    if (__builtin_mul_overflow(count, size, &whole)) return 0;
    void* block = malloc(whole);
    return block ? memset(block, 0, whole) : 0;
}

void* realloc(void* old, size_t size) {
    if (!old) return malloc(size);
    header* block = (header*)old - 1;
    size_t room = block->size - (size_t)((char*)old - block->start);
    if (size <= room) return old;
    void* fresh = malloc(size);
    if (!fresh) return 0;
    memcpy(fresh, old, room);
    free(old);
    return fresh;
}
