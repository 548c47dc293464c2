#pragma once

#include <stdint.h>

typedef struct zx_thread* thrd_t;
typedef int (*thrd_start_t)(void*);

enum { thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout };

int thrd_create(thrd_t* out, thrd_start_t function, void* argument);
int thrd_join(thrd_t thread, int* result);
thrd_t thrd_current(void);
void thrd_yield(void);
_Noreturn void thrd_exit(int result);

typedef struct { int32_t state; } mtx_t;
enum { mtx_plain };

int mtx_init(mtx_t* mutex, int type);
int mtx_lock(mtx_t* mutex);
int mtx_trylock(mtx_t* mutex);
int mtx_unlock(mtx_t* mutex);
void mtx_destroy(mtx_t* mutex);

typedef struct { int32_t sequence; } cnd_t;

int cnd_init(cnd_t* condition);
int cnd_wait(cnd_t* condition, mtx_t* mutex);
int cnd_signal(cnd_t* condition);
int cnd_broadcast(cnd_t* condition);
void cnd_destroy(cnd_t* condition);

#define thread_local _Thread_local
