// Userland exec: a program loads another one over itself, without execve.
//
// userland_exec [-m] [-x] [-a NAME] PROGRAM [ARGS...]
//   -m  leave marks in the process first, to see which of them the next program finds
//   -x  by execve after all, to compare
//   -a  what the program is told that it is called
#include "userland_exec.h"

static program loaded, interpreter;
static arguments saved;

_Noreturn void transfer(long* stack, uintptr_t entry, char* table, size_t table_size);

static int is(const char* word, const char* other) {
    while (*word && *word == *other) word++, other++;
    return *word == *other;
}

// Puts the new program in the place of this one; answers where it begins.
static uintptr_t replace(long* stack, long skipped, const char* called, long** new_stack) {
    char path[PATH_MAX];
    uintptr_t entry;
    save_arguments(&saved, stack, skipped, called);
    say("save_arguments", "words on the stack", (uint64_t)saved.argc);
    const char* name = saved.path;
    read_program(&loaded, name);
    say("read_program", name, 0);
    int is_fixed = loaded.header.type == 2;
    clean_memory(is_fixed ? first_address(&loaded) : 0, is_fixed ? last_address(&loaded) : 0);
    say("clean_memory", "what was in the way is gone: no return from here", 0);
    if (read_interpreter_path(&loaded, path)) {
        read_program(&interpreter, path);
        load_program(&interpreter);
        say("load_interpreter", path, interpreter.bias);
        entry = interpreter.header.entry + interpreter.bias;
    }
    load_program(&loaded);
    say("load_program", name, loaded.bias);
    if (!interpreter.bias) entry = loaded.header.entry + loaded.bias;
    *new_stack = build_stack(&saved, &loaded, interpreter.bias);
    say("build_stack", "sp", (uint64_t)*new_stack);
    return entry;
}

_Noreturn void start(long* stack) {
    char** argv = (char**)(stack + 1);
    long at = 1;
    int marks = 0, by_execve = 0;
    const char* called = 0;
    for (; at < stack[0] && argv[at][0] == '-'; at++) {
        if (is(argv[at], "-m")) marks = 1;
        else if (is(argv[at], "-x")) by_execve = 1;
        else if (is(argv[at], "-a") && at + 1 < stack[0]) called = argv[++at];
        else fail("unknown flag ", argv[at], 0);
    }
    if (at == stack[0]) fail("no program named", "", 0);
    open_trace();
    if (marks) leave_marks();
    if (by_execve) {
        char** environ = argv + stack[0] + 1;
        fail("cannot execute ", argv[at], CALL3(SYS_execve, argv[at], argv + at, environ));
    }
    long* new_stack;
    uintptr_t entry = replace(stack, at, called, &new_stack);
    say("transfer", "pc", entry);
    close_trace();
    transfer(new_stack, entry, saved.table, saved.table_size);
}
