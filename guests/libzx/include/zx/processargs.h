// The message that a process starts with: what its handles are for, its arguments, its environment.
#pragma once

#include <zx/types.h>

#define ZX_PROCARGS_PROTOCOL 0x4150585du
#define ZX_PROCARGS_VERSION 0x1000u

typedef struct {
    uint32_t protocol;
    uint32_t version;
    uint32_t handle_info_off;
    uint32_t args_off;
    uint32_t args_num;
    uint32_t environ_off;
    uint32_t environ_num;
    uint32_t names_off;
    uint32_t names_num;
} zx_proc_args_t;

#define PA_HND(type, arg) (((type) & 0xffu) | ((uint32_t)(arg) & 0xffffu) << 16)
#define PA_HND_TYPE(info) ((info) & 0xffu)
#define PA_HND_ARG(info) ((info) >> 16)

#define PA_PROC_SELF 0x01u
#define PA_THREAD_SELF 0x02u
#define PA_JOB_DEFAULT 0x03u
#define PA_VMAR_ROOT 0x04u
#define PA_VMAR_LOADED 0x05u
#define PA_LDSVC_LOADER 0x10u
#define PA_VMO_VDSO 0x11u
#define PA_VMO_STACK 0x13u
#define PA_VMO_EXECUTABLE 0x14u
#define PA_NS_DIR 0x20u
#define PA_FD 0x30u
#define PA_FD_FOR_STDIO 0x8000u
#define PA_USER0 0xf0u
#define PA_USER1 0xf1u
#define PA_USER2 0xf2u

#ifdef __cplusplus
extern "C" {
#endif

// Takes the handle that came with exactly this purpose; ZX_HANDLE_INVALID where there is none.
// Whoever takes a handle owns it.
zx_handle_t zx_take_startup_handle(uint32_t purpose);

// Handles that stay the library's: use them, do not close them.
zx_handle_t zx_process_self(void);
zx_handle_t zx_thread_self(void);
zx_handle_t zx_vmar_root_self(void);
zx_handle_t zx_job_default(void);

#ifdef __cplusplus
}
#endif
