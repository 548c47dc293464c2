// Starting other programs, by asking a launcher over its channel.
#pragma once

#include <zx/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// A handle for the new program, and what it is for (`PA_HND`).
typedef struct {
    zx_handle_t handle;
    uint32_t purpose;
} zx_launch_handle_t;

typedef struct {
    // Ended by 0; the first is the program's name, by which the launcher finds it.
    const char* const* argv;
    // Ended by 0; may be 0 itself.
    const char* const* environ;
    const zx_launch_handle_t* handles;
    size_t num_handles;
} zx_launch_t;

// Answers the new process; the handles are gone whatever happens. Where the answer is not ZX_OK,
// `reason` (if it is not 0) says why, cut to `reason_size` bytes and ended by NUL.
zx_status_t zx_launch(zx_handle_t launcher, const zx_launch_t* request, zx_handle_t* process,
                      char* reason, size_t reason_size);

#ifdef __cplusplus
}
#endif
