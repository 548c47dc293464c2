#pragma once

// Greets somebody; answers how often this thread has done so.
int greet(const char* name);

// What the greeting starts with. Whoever likes may change it.
extern const char* greeting;

// How often this thread has greeted.
extern _Thread_local int greetings;
