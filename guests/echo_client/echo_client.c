// Asks an echo server (the other end of PA_USER0) as often as its first argument says, every second
// time with a handle, and checks the answers. Ends with 0 if all were right.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zx/processargs.h>
#include <zx/syscalls.h>

// The first word is the call's number, which the kernel writes.
typedef struct {
    uint32_t txid;
    char text[60];
} message;

static bool ask(zx_handle_t server, int round) {
    message question = {0}, answer = {0};
    zx_handle_t event = ZX_HANDLE_INVALID, returned = ZX_HANDLE_INVALID;
    if (round % 2) zx_event_create(0, &event);
    snprintf(question.text, sizeof question.text, "message %d", round);
    zx_channel_call_args_t args = {
        .wr_bytes = &question,
        .wr_num_bytes = sizeof question,
        .wr_handles = &event,
        .wr_num_handles = round % 2,
        .rd_bytes = &answer,
        .rd_num_bytes = sizeof answer,
        .rd_handles = &returned,
        .rd_num_handles = 1,
    };
    uint32_t size, handles;
    zx_status_t status = zx_channel_call(server, 0, ZX_TIME_INFINITE, &args, &size, &handles);
    if (status != ZX_OK) {
        printf("the server does not answer: %d\n", status);
        return false;
    }
    if (handles) zx_handle_close(returned);
    return !strcmp(question.text, answer.text) && handles == (uint32_t)(round % 2);
}

int main(int argc, char** argv) {
    zx_handle_t server = zx_take_startup_handle(PA_HND(PA_USER0, 0));
    int rounds = argc > 1 ? atoi(argv[1]) : 1, right = 0;
    for (int round = 0; round < rounds; round++) right += ask(server, round);
    printf("%d of %d answers were right\n", right, rounds);
    return right == rounds ? 0 : 1;
}
