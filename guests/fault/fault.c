// Meets the exception that its first argument names. If somebody handles it, goes on, and says so.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zx/syscalls.h>

static const int constant = 1;
static int words[4];

static void read_nothing(void) { __asm__ volatile("lw t1, 0(zero)" : : : "t1"); }

static void write_constant(void) {
    __asm__ volatile("sw zero, 0(%0)" : : "r"(&constant) : "memory");
}

static void execute_data(void) { __asm__ volatile("jalr ra, 0(%0)" : : "r"(words) : "ra"); }

static void undefined_instruction(void) { __asm__ volatile(".option push\n.option norvc\n"
                                                           ".word 0\n.option pop"); }

static void breakpoint(void) { __asm__ volatile(".option push\n.option norvc\nebreak\n"
                                                ".option pop"); }

// Loads and stores may be unaligned; atomic operations may not.
static void unaligned(void) {
    uintptr_t address = (uintptr_t)words + 1;
    __asm__ volatile("amoadd.w zero, zero, (%0)" : : "r"(address) : "memory");
}

// The kernel takes calls from the vDSO alone.
static void call_past_the_vdso(void) {
    register uintptr_t number __asm__("t0") = 0;
    register uintptr_t result __asm__("a0") = 0;
    __asm__ volatile(".option push\n.option norvc\necall\n.option pop"
                     : "+r"(result) : "r"(number) : "memory");
    printf("the kernel answers %d\n", (int)result);
}

static void raise_own(void) {
    zx_exception_context_t context = {.synth_code = 7, .synth_data = 9};
    zx_thread_raise_exception(ZX_EXCEPTION_TARGET_JOB_DEBUGGER, ZX_EXCP_USER, &context);
}

static const struct {
    const char* name;
    void (*meet)(void);
} faults[] = {
    {"read", read_nothing},
    {"write", write_constant},
    {"execute", execute_data},
    {"undefined", undefined_instruction},
    {"breakpoint", breakpoint},
    {"unaligned", unaligned},
    {"syscall", call_past_the_vdso},
    {"user", raise_own},
};

int main(int argc, char** argv) {
    for (size_t i = 0; argc > 1 && i < sizeof faults / sizeof *faults; i++) {
        if (strcmp(argv[1], faults[i].name)) continue;
        faults[i].meet();
        printf("went on behind %s\n", faults[i].name);
        return 0;
    }
    printf("usage: fault read|write|execute|undefined|breakpoint|unaligned|syscall|user\n");
    return 2;
}
