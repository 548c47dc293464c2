/* What the benchmark kernels stand on: no library, two system calls, one result in text.
 * Built for RV64 (qemu-user and zandbox), for the host, and as a 32-bit multiboot image for v86. */
#ifndef BENCH_H
#define BENCH_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char i8;
typedef short i16;
typedef int i32;
typedef long long i64;

#define NOINLINE __attribute__((noinline))

/* Each kernel defines this: do the work, answer a checksum. */
u64 kernel(void);

#if defined(__riscv)
static void bench_write(const char *text, long size) {
  register long a7 __asm__("a7") = 64, a0 __asm__("a0") = 1;
  register long a1 __asm__("a1") = (long)text, a2 __asm__("a2") = size;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
}
static void bench_exit(void) {
  register long a7 __asm__("a7") = 93, a0 __asm__("a0") = 0;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}
__asm__(".globl _start\n_start:\n.option push\n.option norelax\nla gp, __global_pointer$\n"
        ".option pop\nandi sp, sp, -16\ncall bench_main\n");
#elif defined(__x86_64__)
static void bench_write(const char *text, long size) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(1), "D"(1), "S"(text), "d"(size)
                   : "rcx", "r11", "memory");
}
static void bench_exit(void) {
  __asm__ volatile("syscall" : : "a"(60), "D"(0) : "rcx", "r11", "memory");
}
__asm__(".globl _start\n_start:\nand $-16, %rsp\ncall bench_main\n");
#else
/* Bare metal: the serial port takes text, and a line with a full stop says that all is done. */
static void bench_write(const char *text, long size) {
  for (long i = 0; i < size; i++) __asm__ volatile("outb %b0, %w1" : : "a"(text[i]), "d"(0x3f8));
}
static void bench_exit(void) {
  bench_write(".\n", 2);
  for (;;) __asm__ volatile("cli; hlt");
}
__asm__(".section .multiboot, \"a\"\n.align 4\n.long 0x1badb002, 0, -0x1badb002\n.text\n"
        ".globl _start\n_start:\nmov $bench_stack + 65536, %esp\n"
        "mov %cr0, %eax\nand $~4, %eax\nor $2, %eax\nmov %eax, %cr0\n"
        "mov %cr4, %eax\nor $0x600, %eax\nmov %eax, %cr4\nfninit\ncall bench_main\n"
        ".bss\n.align 16\nbench_stack: .skip 65536\n.text\n");
#endif

void *memset(void *to, int value, __SIZE_TYPE__ size) {
  u8 *at = to;
  while (size--) *at++ = (u8)value;
  return to;
}

void *memcpy(void *to, const void *from, __SIZE_TYPE__ size) {
  u8 *at = to;
  const u8 *source = from;
  while (size--) *at++ = *source++;
  return to;
}

/* One line: the checksum in hexadecimal. */
__attribute__((used)) void bench_main(void) {
  u64 sum = kernel();
  char text[17];
  for (int i = 0; i < 16; i++) text[i] = "0123456789abcdef"[(sum >> (60 - 4 * i)) & 15];
  text[16] = '\n';
  bench_write(text, 17);
  bench_exit();
}

/* A pseudo-random number, the same everywhere. */
static inline u32 bench_random(u32 *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/* The bits of a double. */
static inline u64 bench_bits(double value) {
  union {
    double value;
    u64 bits;
  } both = {value};
  return both.bits;
}

#endif
