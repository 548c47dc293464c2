// Does what its first argument says, most of which ends it; what other systems refuse goes on here.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "rtsmart.h"

static uint32_t code[2];

static void read_nothing(void) { __asm__ volatile("lw t1, 0(zero)" : : : "t1"); }

static void write_nothing(void) { __asm__ volatile("sw zero, 0(zero)" : : : "memory"); }

static void execute_nothing(void) { __asm__ volatile("jalr ra, 0(zero)" : : : "ra"); }

static void undefined(void) { __asm__ volatile(".word 0"); }

static void breakpoint(void) { __asm__ volatile("ebreak"); }

// Data is code where nobody says that it is not: ret.
static void execute_data(void) {
    code[0] = 0x00008067;
    __asm__ volatile("fence.i\njalr ra, 0(%0)" : : "r"(code) : "ra", "memory");
}

static void write_code(void) {
    uint32_t* at = (uint32_t*)((uintptr_t)read_nothing & ~3ul);
    uint32_t before = *at;
    *at = 0x00008067;
    *at = before;
}

static void thread_that_faults(void* parameter) {
    (void)parameter;
    read_nothing();
}

static void fault_in_a_thread(void) {
    const void* args[] = {"faulty", (void*)thread_that_faults, 0, (void*)8192, (void*)20, (void*)10};
    CALL1(NR_thread_startup, CALL1(NR_thread_create, args));
    CALL1(NR_thread_mdelay, 10);
}

// The kernel follows what it is given as the address of one of its own objects.
static void take_a_number(void) { CALL2(NR_sem_take, 0x210000000, 0); }

static void take_nothing(void) { CALL2(NR_sem_take, 0, 0); }

static const struct {
    const char* name;
    void (*meet)(void);
} deeds[] = {
    {"read", read_nothing},     {"write", write_nothing}, {"execute", execute_nothing},
    {"undefined", undefined},   {"breakpoint", breakpoint}, {"data", execute_data},
    {"code", write_code},       {"thread", fault_in_a_thread}, {"number", take_a_number},
    {"nothing", take_nothing},
};

int main(int argc, char** argv) {
    for (size_t i = 0; argc > 1 && i < sizeof deeds / sizeof *deeds; i++) {
        if (strcmp(argv[1], deeds[i].name)) continue;
        deeds[i].meet();
        printf("went on behind %s\n", deeds[i].name);
        return 0;
    }
    printf("usage: lwp_fault read|write|execute|undefined|breakpoint|data|code|thread|number|nothing\n");
    return 2;
}
