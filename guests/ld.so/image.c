// Images: what their headers say, and how their segments get into memory.
#include <string.h>

#include "ld.h"

#define PAGE ((uint64_t)ZX_PAGE_SIZE)
#define ADDRESS_LIMIT ((uint64_t)1 << 47)
#define EM_RISCV 243
#define ET_DYN 3

static uint64_t page_start(uint64_t address) { return address & -PAGE; }

static uint64_t page_end(uint64_t address) { return (address + PAGE - 1) & -PAGE; }

uint64_t dynamic_value(const image* from, int64_t tag) { return from->values[tag]; }

static const void* dynamic_address(const image* from, int64_t tag) {
    uint64_t value = dynamic_value(from, tag);
    return value ? from->bias + value : 0;
}

// What lies in memory says where its tables are.
static void read_tables(image* one) {
    for (uint32_t i = 0; i < one->segment_count; i++) {
        const elf_segment* segment = &one->segments[i];
        if (segment->type == PT_DYNAMIC) {
            one->dynamic = (const elf_dynamic*)(one->bias + segment->vaddr);
        }
        if (segment->type == PT_TLS) one->tls = segment;
    }
    for (const elf_dynamic* entry = one->dynamic; entry && entry->tag != DT_NULL; entry++) {
        uint64_t value = entry->value;
        if (entry->tag > 0 && entry->tag <= DT_RELR) one->values[entry->tag] = value;
        if (entry->tag == DT_GNU_HASH) one->gnu_hash = (const uint32_t*)(one->bias + value);
        if (entry->tag == DT_FLAGS_1) one->bind_now = (value & DF_1_NOW) != 0;
    }
    one->symbols = dynamic_address(one, DT_SYMTAB);
    one->strings = dynamic_address(one, DT_STRTAB);
    one->strings_size = dynamic_value(one, DT_STRSZ);
    one->hash = dynamic_address(one, DT_HASH);
    one->bind_now |= (dynamic_value(one, DT_FLAGS) & DF_BIND_NOW) != 0;
}

image* image_in_memory(const char* name, const char* base) {
    image* one = allocate(sizeof *one);
    const elf_header* header = (const elf_header*)base;
    one->name = name;
    one->bias = (char*)base;
    one->segments = (const elf_segment*)(base + header->phoff);
    one->segment_count = header->phnum;
    read_tables(one);
    return one;
}

static void check_header(const char* name, const elf_header* header) {
    static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    if (memcmp(header->ident, ident, sizeof ident)) {
        fail(ZX_ERR_INVALID_ARGS, "%s is no 64-bit ELF file", name);
    }
    if (header->type != ET_DYN) {
        fail(ZX_ERR_INVALID_ARGS, "%s: e_type is %u; expected 3", name, header->type);
    }
    if (header->machine != EM_RISCV) {
        fail(ZX_ERR_INVALID_ARGS, "%s: e_machine is %u; expected 243", name, header->machine);
    }
    if (header->phentsize != sizeof(elf_segment) || header->phnum == 0) {
        fail(ZX_ERR_INVALID_ARGS, "%s: %u program headers of %u bytes", name, header->phnum,
             header->phentsize);
    }
}

// Reads the program headers; they stay in the linker's memory.
static void read_segments(image* one, zx_handle_t vmo, uint64_t file_size) {
    elf_header header;
    if (file_size < sizeof header || zx_vmo_read(vmo, &header, 0, sizeof header) != ZX_OK) {
        fail(ZX_ERR_INVALID_ARGS, "%s is too short for an ELF file", one->name);
    }
    check_header(one->name, &header);
    size_t size = header.phnum * sizeof(elf_segment);
    elf_segment* segments = allocate(size);
    if (header.phoff > file_size || zx_vmo_read(vmo, segments, header.phoff, size) != ZX_OK) {
        fail(ZX_ERR_INVALID_ARGS, "%s: its program headers are not in the file", one->name);
    }
    one->segments = segments;
    one->segment_count = header.phnum;
    one->entry = header.entry;
}

static void check_segment(const image* one, const elf_segment* segment, uint64_t end,
                          uint64_t file_size) {
    uint64_t vaddr = segment->vaddr, memsz = segment->memsz, filesz = segment->filesz;
    if (vaddr >= ADDRESS_LIMIT || memsz > ADDRESS_LIMIT - vaddr || memsz == 0) {
        fail(ZX_ERR_INVALID_ARGS, "%s: a segment of %#lx bytes at %#lx", one->name, memsz, vaddr);
    }
    if (vaddr < end) fail(ZX_ERR_INVALID_ARGS, "%s: segments overlap at %#lx", one->name, vaddr);
    if (filesz > memsz || segment->offset > page_end(file_size) ||
        filesz > page_end(file_size) - segment->offset) {
        fail(ZX_ERR_INVALID_ARGS, "%s: a segment is not in the file", one->name);
    }
    if (filesz && (segment->offset - vaddr) % PAGE) {
        fail(ZX_ERR_INVALID_ARGS, "%s: p_offset and p_vaddr differ modulo 4096", one->name);
    }
}

static zx_vm_option_t permissions(const elf_segment* segment) {
    zx_vm_option_t options = ZX_VM_SPECIFIC;
    // What may be executed may be read.
    if (segment->flags & (PF_R | PF_X | PF_W)) options |= ZX_VM_PERM_READ;
    if (segment->flags & PF_W) options |= ZX_VM_PERM_WRITE;
    if (segment->flags & PF_X) options |= ZX_VM_PERM_EXECUTE;
    return options;
}

static void check(const image* one, zx_status_t status) {
    if (status != ZX_OK) fail(status, "%s: a segment cannot be mapped (%d)", one->name, status);
}

static void map_at(const image* one, const elf_segment* segment, uint64_t address, zx_handle_t vmo,
                   uint64_t offset, uint64_t size) {
    zx_vaddr_t mapped;
    uint64_t place = (uintptr_t)one->bias + address - one->vmar_base;
    check(one, zx_vmar_map(one->vmar, permissions(segment), place, vmo, offset, size, &mapped));
}

// Pages that come from the file: the file's own where nobody writes, a copy where somebody does.
static void map_file_pages(const image* one, const elf_segment* segment, zx_handle_t vmo) {
    uint64_t start = page_start(segment->vaddr);
    uint64_t file_end = segment->vaddr + segment->filesz;
    uint64_t size = page_end(file_end) - start;
    uint64_t offset = page_start(segment->offset);
    uint64_t zeroes = segment->memsz > segment->filesz ? start + size - file_end : 0;
    if (!(segment->flags & PF_W) && !zeroes) {
        map_at(one, segment, start, vmo, offset, size);
        return;
    }
    zx_handle_t copy;
    check(one, zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE, offset, size,
                                   &copy));
    if (zeroes) {
        check(one, zx_vmo_op_range(copy, ZX_VMO_OP_ZERO, size - zeroes, zeroes, 0, 0));
    }
    map_at(one, segment, start, copy, 0, size);
    zx_handle_close(copy);
}

static void map_segment(const image* one, const elf_segment* segment, zx_handle_t vmo) {
    uint64_t fresh = page_start(segment->vaddr);
    if (segment->filesz) {
        map_file_pages(one, segment, vmo);
        fresh = page_end(segment->vaddr + segment->filesz);
    }
    uint64_t end = page_end(segment->vaddr + segment->memsz);
    if (fresh >= end) return;
    zx_handle_t zeroes;
    check(one, zx_vmo_create(end - fresh, 0, &zeroes));
    map_at(one, segment, fresh, zeroes, 0, end - fresh);
    zx_handle_close(zeroes);
}

image* image_from_vmo(const char* name, zx_handle_t vmo, zx_handle_t root_vmar) {
    image* one = allocate(sizeof *one);
    uint64_t file_size = 0, low = 0, end = 0;
    one->name = name;
    zx_vmo_get_size(vmo, &file_size);
    read_segments(one, vmo, file_size);
    uint32_t flags = 0;
    for (uint32_t i = 0; i < one->segment_count; i++) {
        const elf_segment* segment = &one->segments[i];
        if (segment->type != PT_LOAD) continue;
        check_segment(one, segment, end, file_size);
        if (!end) low = page_start(segment->vaddr);
        end = page_end(segment->vaddr + segment->memsz);
        flags |= segment->flags;
    }
    if (!end) fail(ZX_ERR_INVALID_ARGS, "%s has no PT_LOAD segment", name);
    zx_vm_option_t can = ZX_VM_CAN_MAP_SPECIFIC | ZX_VM_CAN_MAP_READ;
    if (flags & PF_W) can |= ZX_VM_CAN_MAP_WRITE;
    if (flags & PF_X) can |= ZX_VM_CAN_MAP_EXECUTE;
    check(one, zx_vmar_allocate(root_vmar, can, 0, end - low, &one->vmar, &one->vmar_base));
    one->bias = (char*)one->vmar_base - low;
    for (uint32_t i = 0; i < one->segment_count; i++) {
        if (one->segments[i].type == PT_LOAD) map_segment(one, &one->segments[i], vmo);
    }
    read_tables(one);
    return one;
}
