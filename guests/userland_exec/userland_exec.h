// Userland exec: the parts of it, and what they know of the program that is to be loaded.
#pragma once

#include "../liblinux/syscall.h"
#include "../libzx/src/elf.h"

#define PAGE 4096ul
#define SEGMENTS_MAX 16
#define PATH_MAX 256

// A program or an interpreter on its way into memory.
typedef struct {
    long file;
    elf_header header;
    elf_segment segments[SEGMENTS_MAX];
    // What is added to the addresses in the file, once there is a place.
    uint64_t bias;
} program;

// What the old stack said, copied before that stack is written over.
typedef struct {
    long argc;
    char** argv;
    // The path of the program, which its first argument need not be.
    char* path;
    char** environ;
    long environ_count;
    uint64_t* auxv;
    char random[16];
    // Where the old stack ends, and what lies below that is still in use.
    char* stack_end;
    char* stack_in_use;
    char* table;
    size_t table_size;
} arguments;

// say.c: a line in the kernel's trace, and the end of everything.
void open_trace(void);
void close_trace(void);
void say(const char* step, const char* text, uint64_t number);
_Noreturn void fail(const char* what, const char* name, long error);
size_t length_of(const char* text);

// stack.c: keeps what was on the stack; builds the new one, and answers where it begins.
void save_arguments(arguments* to, long* stack, long skipped, const char* called);
long* build_stack(const arguments* from, const program* loaded, uint64_t interpreter_base);

// maps.c: makes room, as /proc/self/maps tells what is in the way.
void clean_memory(uint64_t start, uint64_t end);
char* end_of_stack(void);

// load.c: reads what an ELF file says of itself, and brings it into memory.
void read_program(program* to, const char* path);
int read_interpreter_path(const program* of, char* path);
uint64_t first_address(const program* of);
uint64_t last_address(const program* of);
void load_program(program* one);

// marks.c: leaves in the process what execve takes away and userland exec does not.
void leave_marks(void);
