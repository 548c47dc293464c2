// Shared memory: a piece found by its key, mapped twice, seen by a child, and given back.
#include <stdio.h>
#include <string.h>

#include "rtsmart.h"

int main(int argc, char** argv) {
    (void)argc, (void)argv;
    printf("without asking for it: %d\n", (int)CALL3(NR_shmget, 42, 8192, 0));
    long id = CALL3(NR_shmget, 42, 8192, 1);
    char* one = (char*)CALL2(NR_shmat, id, 0);
    char* other = (char*)CALL2(NR_shmat, id, 0);
    printf("twice in one process: %s\n", one && other && one != other ? "yes" : "no");
    strcpy(one, "the same bytes");
    printf("%s\n", other);
    long pid = CALL0(NR_fork);
    if (!pid) {
        strcpy(other + 4096, "from the child");
        return 0;
    }
    CALL3(NR_waitpid, pid, 0, 0);
    printf("%s\n", one + 4096);
    printf("while it is mapped: %d\n", (int)CALL1(NR_shmrm, id));
    printf("still there: %d\n", (int)CALL3(NR_shmget, 42, 0, 0));
    CALL1(NR_shmdt, one);
    CALL1(NR_shmdt, other);
    CALL1(NR_shmrm, id);
    printf("given back: %d\n", (int)CALL3(NR_shmget, 42, 0, 0));
    return 0;
}
