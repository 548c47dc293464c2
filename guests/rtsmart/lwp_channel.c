// A channel between two processes: the parent serves, the child asks. A number goes back and forth in
// the message itself, a text by memory that both map, and a file by its descriptor.
#include <stdio.h>
#include <string.h>

#include "rtsmart.h"

#define NAME "ping-pong"
#define KEY 7
#define ROUNDS 5

static int child(void) {
    int channel = (int)CALL2(NR_channel_open, NAME, O_RDWR);
    rt_channel_msg message = {.type = RT_CHANNEL_RAW}, reply;
    long number = 1;
    for (int round = 0; round < ROUNDS; round++) {
        message.u.d = (void*)number;
        if (CALL4(NR_channel_send_recv, channel, &message, &reply, RT_WAITING_FOREVER)) return 1;
        number = (long)reply.u.d;
    }
    printf("the child ends with %d\n", (int)number);
    long id = CALL3(NR_shmget, KEY, 4096, 1);
    char* shared = (char*)CALL2(NR_shmat, id, 0);
    strcpy(shared, "written by the child, read by the parent");
    message.type = RT_CHANNEL_BUFFER;
    message.u.b.buf = shared;
    message.u.b.length = strlen(shared);
    if (CALL4(NR_channel_send_recv, channel, &message, &reply, RT_WAITING_FOREVER)) return 2;
    long file = CALL3(NR_open, "/tmp/handed-over", O_RDWR | O_CREAT, 0);
    CALL3(NR_write, file, "in a file that the child has opened", 35);
    message.type = RT_CHANNEL_FD;
    message.u.fd.fd = (int)file;
    return CALL2(NR_channel_send, channel, &message) ? 3 : 0;
}

int main(int argc, char** argv) {
    (void)argc, (void)argv;
    int channel = (int)CALL2(NR_channel_open, NAME, O_RDWR | O_CREAT);
    printf("opening it once more answers %d\n",
           (int)CALL2(NR_channel_open, NAME, O_CREAT | O_EXCL));
    long pid = CALL0(NR_fork);
    if (!pid) return child();
    rt_channel_msg message;
    for (int round = 0; round < ROUNDS; round++) {
        if (CALL3(NR_channel_recv, channel, &message, RT_WAITING_FOREVER)) return 1;
        printf("ping %d\n", (int)(long)message.u.d);
        message.u.d = (void*)((long)message.u.d * 2);
        CALL2(NR_channel_reply, channel, &message);
    }
    CALL3(NR_channel_recv, channel, &message, RT_WAITING_FOREVER);
    char* shared = (char*)CALL2(NR_shmat, CALL3(NR_shmget, KEY, 0, 0), 0);
    printf("%.*s\n", (int)message.u.b.length, shared);
    printf("a second message before the reply: %d\n", (int)CALL3(NR_channel_recv, channel, &message, 0));
    CALL2(NR_channel_reply, channel, &message);
    CALL3(NR_channel_recv, channel, &message, RT_WAITING_FOREVER);
    char text[64] = "";
    CALL3(NR_lseek, message.u.fd.fd, 0, 0);
    long size = CALL3(NR_read, message.u.fd.fd, text, sizeof text);
    printf("%.*s\n", (int)size, text);
    int status = -1;
    long ended = CALL3(NR_waitpid, pid, &status, 0);
    printf("the child has ended with %d\n", status);
    return ended == pid && status == 0 ? 0 : 2;
}
