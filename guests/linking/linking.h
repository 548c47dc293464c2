// What the dynamic linkers of small programs share, whatever system they run under: images in memory,
// the symbols that they have, and what is to be put where.
//
// Nothing here needs a relocation itself: all of it is hidden, and no pointer is stored.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "../libzx/src/elf.h"

#pragma GCC visibility push(hidden)

size_t length_of(const char* text);
int same(const char* one, const char* other);

// One more image, moved by `bias` from where its file says; what is added first is looked in first.
void add_image(char* bias, const elf_dynamic* dynamic);

// Load what the images need, and what that needs, and bind them all.
void link_images(void);

// Each linker has its own: end with words on the error output; bring a library's images.
_Noreturn void fail(const char* what, const char* name);
void load_library(const char* name);

#pragma GCC visibility pop
