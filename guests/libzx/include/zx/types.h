// The types and numbers of the kernel's calls, under the names that Zircon gives them.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t zx_handle_t;
typedef int32_t zx_status_t;
typedef uint32_t zx_rights_t;
typedef uint32_t zx_signals_t;
typedef uint32_t zx_obj_type_t;
typedef uint64_t zx_koid_t;
typedef uint64_t zx_off_t;
typedef uintptr_t zx_vaddr_t;
typedef uint32_t zx_vm_option_t;
typedef int64_t zx_time_t;
typedef int64_t zx_duration_t;
typedef int64_t zx_ticks_t;
typedef int32_t zx_futex_t;

#define ZX_HANDLE_INVALID ((zx_handle_t)0)
#define ZX_TIME_INFINITE INT64_MAX
#define ZX_TIME_INFINITE_PAST INT64_MIN
#define ZX_NSEC(n) ((zx_duration_t)(n))
#define ZX_USEC(n) (1000 * ZX_NSEC(n))
#define ZX_MSEC(n) (1000 * ZX_USEC(n))
#define ZX_SEC(n) (1000 * ZX_MSEC(n))
#define ZX_PAGE_SIZE 4096
#define ZX_MAX_NAME_LEN 32

// Statuses.
#define ZX_OK 0
#define ZX_ERR_INTERNAL (-1)
#define ZX_ERR_NOT_SUPPORTED (-2)
#define ZX_ERR_NO_RESOURCES (-3)
#define ZX_ERR_NO_MEMORY (-4)
#define ZX_ERR_INVALID_ARGS (-10)
#define ZX_ERR_BAD_HANDLE (-11)
#define ZX_ERR_WRONG_TYPE (-12)
#define ZX_ERR_BAD_SYSCALL (-13)
#define ZX_ERR_OUT_OF_RANGE (-14)
#define ZX_ERR_BUFFER_TOO_SMALL (-15)
#define ZX_ERR_BAD_STATE (-20)
#define ZX_ERR_TIMED_OUT (-21)
#define ZX_ERR_SHOULD_WAIT (-22)
#define ZX_ERR_CANCELED (-23)
#define ZX_ERR_PEER_CLOSED (-24)
#define ZX_ERR_NOT_FOUND (-25)
#define ZX_ERR_ALREADY_EXISTS (-26)
#define ZX_ERR_ALREADY_BOUND (-27)
#define ZX_ERR_UNAVAILABLE (-28)
#define ZX_ERR_ACCESS_DENIED (-30)
#define ZX_ERR_IO (-40)
#define ZX_ERR_IO_DATA_INTEGRITY (-42)
#define ZX_ERR_NO_SPACE (-54)

// Rights.
#define ZX_RIGHT_NONE ((zx_rights_t)0)
#define ZX_RIGHT_DUPLICATE ((zx_rights_t)1 << 0)
#define ZX_RIGHT_TRANSFER ((zx_rights_t)1 << 1)
#define ZX_RIGHT_READ ((zx_rights_t)1 << 2)
#define ZX_RIGHT_WRITE ((zx_rights_t)1 << 3)
#define ZX_RIGHT_EXECUTE ((zx_rights_t)1 << 4)
#define ZX_RIGHT_MAP ((zx_rights_t)1 << 5)
#define ZX_RIGHT_GET_PROPERTY ((zx_rights_t)1 << 6)
#define ZX_RIGHT_SET_PROPERTY ((zx_rights_t)1 << 7)
#define ZX_RIGHT_ENUMERATE ((zx_rights_t)1 << 8)
#define ZX_RIGHT_DESTROY ((zx_rights_t)1 << 9)
#define ZX_RIGHT_SET_POLICY ((zx_rights_t)1 << 10)
#define ZX_RIGHT_GET_POLICY ((zx_rights_t)1 << 11)
#define ZX_RIGHT_SIGNAL ((zx_rights_t)1 << 12)
#define ZX_RIGHT_SIGNAL_PEER ((zx_rights_t)1 << 13)
#define ZX_RIGHT_WAIT ((zx_rights_t)1 << 14)
#define ZX_RIGHT_INSPECT ((zx_rights_t)1 << 15)
#define ZX_RIGHT_MANAGE_JOB ((zx_rights_t)1 << 16)
#define ZX_RIGHT_MANAGE_PROCESS ((zx_rights_t)1 << 17)
#define ZX_RIGHT_MANAGE_THREAD ((zx_rights_t)1 << 18)
#define ZX_RIGHT_SAME_RIGHTS ((zx_rights_t)1 << 31)

// Types of object.
#define ZX_OBJ_TYPE_NONE 0
#define ZX_OBJ_TYPE_PROCESS 1
#define ZX_OBJ_TYPE_THREAD 2
#define ZX_OBJ_TYPE_VMO 3
#define ZX_OBJ_TYPE_CHANNEL 4
#define ZX_OBJ_TYPE_EVENT 5
#define ZX_OBJ_TYPE_PORT 6
#define ZX_OBJ_TYPE_LOG 12
#define ZX_OBJ_TYPE_SOCKET 14
#define ZX_OBJ_TYPE_RESOURCE 15
#define ZX_OBJ_TYPE_EVENTPAIR 16
#define ZX_OBJ_TYPE_JOB 17
#define ZX_OBJ_TYPE_VMAR 18
#define ZX_OBJ_TYPE_FIFO 19
#define ZX_OBJ_TYPE_TIMER 22
#define ZX_OBJ_TYPE_PAGER 28
#define ZX_OBJ_TYPE_EXCEPTION 29
#define ZX_OBJ_TYPE_CLOCK 30
#define ZX_OBJ_TYPE_STREAM 31

// Signals.
#define ZX_SIGNAL_NONE ((zx_signals_t)0)
#define ZX_CHANNEL_READABLE ((zx_signals_t)1 << 0)
#define ZX_CHANNEL_WRITABLE ((zx_signals_t)1 << 1)
#define ZX_CHANNEL_PEER_CLOSED ((zx_signals_t)1 << 2)
#define ZX_SOCKET_READABLE ((zx_signals_t)1 << 0)
#define ZX_SOCKET_WRITABLE ((zx_signals_t)1 << 1)
#define ZX_SOCKET_PEER_CLOSED ((zx_signals_t)1 << 2)
#define ZX_FIFO_READABLE ((zx_signals_t)1 << 0)
#define ZX_FIFO_WRITABLE ((zx_signals_t)1 << 1)
#define ZX_FIFO_PEER_CLOSED ((zx_signals_t)1 << 2)
#define ZX_EVENT_SIGNALED ((zx_signals_t)1 << 3)
#define ZX_TIMER_SIGNALED ((zx_signals_t)1 << 3)
#define ZX_TASK_TERMINATED ((zx_signals_t)1 << 3)
#define ZX_PROCESS_TERMINATED ZX_TASK_TERMINATED
#define ZX_THREAD_TERMINATED ZX_TASK_TERMINATED
#define ZX_VMO_ZERO_CHILDREN ((zx_signals_t)1 << 3)
#define ZX_SIGNAL_HANDLE_CLOSED ((zx_signals_t)1 << 23)
#define ZX_USER_SIGNAL_0 ((zx_signals_t)1 << 24)
#define ZX_USER_SIGNAL_1 ((zx_signals_t)1 << 25)
#define ZX_USER_SIGNAL_ALL ((zx_signals_t)0xff << 24)

// Options.
#define ZX_CHANNEL_MAX_MSG_BYTES 65536u
#define ZX_CHANNEL_MAX_MSG_HANDLES 64u
#define ZX_CHANNEL_READ_MAY_DISCARD 1u
#define ZX_SOCKET_STREAM 0u
#define ZX_SOCKET_DATAGRAM 1u
#define ZX_SOCKET_PEEK 8u
#define ZX_VM_PERM_READ ((zx_vm_option_t)1 << 0)
#define ZX_VM_PERM_WRITE ((zx_vm_option_t)1 << 1)
#define ZX_VM_PERM_EXECUTE ((zx_vm_option_t)1 << 2)
#define ZX_VM_COMPACT ((zx_vm_option_t)1 << 3)
#define ZX_VM_SPECIFIC ((zx_vm_option_t)1 << 4)
#define ZX_VM_SPECIFIC_OVERWRITE ((zx_vm_option_t)1 << 5)
#define ZX_VM_CAN_MAP_SPECIFIC ((zx_vm_option_t)1 << 6)
#define ZX_VM_CAN_MAP_READ ((zx_vm_option_t)1 << 7)
#define ZX_VM_CAN_MAP_WRITE ((zx_vm_option_t)1 << 8)
#define ZX_VM_CAN_MAP_EXECUTE ((zx_vm_option_t)1 << 9)
#define ZX_VM_MAP_RANGE ((zx_vm_option_t)1 << 10)
#define ZX_VM_ALLOW_FAULTS ((zx_vm_option_t)1 << 12)
#define ZX_VMO_RESIZABLE 2u
#define ZX_VMO_CHILD_SNAPSHOT 1u
#define ZX_VMO_CHILD_SLICE 8u
#define ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE 16u
#define ZX_VMO_CHILD_NO_WRITE 32u
#define ZX_VMO_OP_COMMIT 1u
#define ZX_VMO_OP_DECOMMIT 2u
#define ZX_VMO_OP_ZERO 10u
#define ZX_PAGER_OP_FAIL 1u
#define ZX_CLOCK_MONOTONIC 0u
#define ZX_TIMER_SLACK_CENTER 0u
#define ZX_WAIT_ASYNC_ONCE 0u
#define ZX_LOG_FLAG_READABLE 0x40000000u
#define ZX_LOG_DATA_MAX 216u

// Exceptions that a thread may raise itself: for a job's debugger alone, and of the user's type.
#define ZX_EXCEPTION_TARGET_JOB_DEBUGGER 1u
#define ZX_EXCP_USER 0x8309u

typedef struct {
    struct {
        uint64_t words[2];
    } arch;
    uint32_t synth_code;
    uint32_t synth_data;
} zx_exception_context_t;

// Topics and properties.
#define ZX_INFO_HANDLE_VALID 1u
#define ZX_INFO_HANDLE_BASIC 2u
#define ZX_INFO_PROCESS (3u | 1u << 28)
#define ZX_INFO_VMAR 7u
#define ZX_PROP_NAME 3u
#define ZX_PROP_VMO_CONTENT_SIZE 17u

typedef struct {
    zx_koid_t koid;
    zx_rights_t rights;
    zx_obj_type_t type;
    zx_koid_t related_koid;
    uint32_t reserved;
    uint8_t padding[4];
} zx_info_handle_basic_t;

typedef struct {
    int64_t return_code;
    zx_time_t start_time;
    uint32_t flags;
    uint8_t padding[4];
} zx_info_process_t;

typedef struct {
    uintptr_t base;
    size_t len;
} zx_info_vmar_t;

typedef struct {
    zx_handle_t handle;
    zx_signals_t waitfor;
    zx_signals_t pending;
} zx_wait_item_t;

typedef struct {
    zx_handle_t handle;
    zx_obj_type_t type;
    zx_rights_t rights;
    uint32_t unused;
} zx_handle_info_t;

typedef struct {
    uint32_t operation;
    zx_handle_t handle;
    zx_obj_type_t type;
    zx_rights_t rights;
    zx_status_t result;
} zx_handle_disposition_t;

typedef struct {
    const void* wr_bytes;
    const zx_handle_t* wr_handles;
    void* rd_bytes;
    zx_handle_t* rd_handles;
    uint32_t wr_num_bytes;
    uint32_t wr_num_handles;
    uint32_t rd_num_bytes;
    uint32_t rd_num_handles;
} zx_channel_call_args_t;

typedef struct {
    const void* wr_bytes;
    zx_handle_disposition_t* wr_handles;
    void* rd_bytes;
    zx_handle_info_t* rd_handles;
    uint32_t wr_num_bytes;
    uint32_t wr_num_handles;
    uint32_t rd_num_bytes;
    uint32_t rd_num_handles;
} zx_channel_call_etc_args_t;

typedef struct {
    zx_signals_t trigger;
    zx_signals_t observed;
    uint64_t count;
    zx_time_t timestamp;
    uint64_t reserved1;
} zx_packet_signal_t;

typedef struct {
    uint16_t command;
    uint16_t flags;
    uint32_t reserved0;
    uint64_t offset;
    uint64_t length;
    uint64_t reserved1;
} zx_packet_page_request_t;

#define ZX_PAGER_VMO_READ 0u
#define ZX_PAGER_VMO_COMPLETE 1u

#define ZX_PKT_TYPE_USER 0u
#define ZX_PKT_TYPE_SIGNAL_ONE 1u
#define ZX_PKT_TYPE_PAGE_REQUEST 9u

typedef struct {
    uint64_t key;
    uint32_t type;
    zx_status_t status;
    union {
        uint64_t u64[4];
        uint32_t u32[8];
        uint8_t c8[32];
        zx_packet_signal_t signal;
        zx_packet_page_request_t page_request;
    };
} zx_port_packet_t;

typedef struct {
    const char* c_str;
    size_t length;
} zx_string_view_t;

typedef struct {
    void* buffer;
    size_t capacity;
} zx_iovec_t;

typedef struct {
    uint32_t type;
    uint32_t access;
    uint64_t size;
    uint64_t discipline;
    uint64_t tag;
    uint64_t reserved[11];
} zx_iob_region_t;
