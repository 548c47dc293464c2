// Starts the program that its arguments name through the launcher (PA_USER0), waits for its end,
// and ends with the same code.
#include <stdio.h>
#include <zx/launcher.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

int main(int argc, char** argv) {
    zx_handle_t launcher = zx_take_startup_handle(PA_HND(PA_USER0, 0));
    zx_handle_t process, log = zx_take_startup_handle(PA_HND(PA_USER1, 0));
    zx_launch_handle_t handles[] = {{log, PA_HND(PA_FD, PA_FD_FOR_STDIO)}};
    zx_launch_t request = {
        .argv = (const char* const*)argv + 1,
        .handles = handles,
        .num_handles = log ? 1 : 0,
    };
    char reason[200];
    if (argc < 2) {
        printf("usage: spawner PROGRAM [ARGUMENTS]\n");
        return 2;
    }
    zx_status_t status = zx_launch(launcher, &request, &process, reason, sizeof reason);
    if (status != ZX_OK) {
        printf("%s is not started (%d): %s\n", argv[1], status, reason);
        return 1;
    }
    zx_info_process_t info = {0};
    zx_object_wait_one(process, ZX_PROCESS_TERMINATED, ZX_TIME_INFINITE, 0);
    zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof info, 0, 0);
    printf("%s ended with %d\n", argv[1], (int)info.return_code);
    return (int)info.return_code;
}
