/*
 * powerloss_vfs: a layer over SQLite's own file system that remembers every write and sync, and can say what a disk would
 * hold had the power gone at any moment of the run. `kill -9` proves nothing about that: the kernel still writes what it has.
 *
 * Model: what a file's sync covered is on the disk. What was written after it may be there, may be missing, or may be there
 * in part, in pieces of 512 bytes, in any order. Names of files (made, removed) count as durable at once.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum loss {
    LOSS_NOTHING, /* as after kill -9 */
    LOSS_ALL,     /* every unsynced write is gone */
    LOSS_SOME,    /* each unsynced write is there, gone, or torn, by the seed */
};

/* Becomes the default file system of this process, until powerloss_remove. Keeps everything in memory. */
void powerloss_install(void);
void powerloss_remove(void);

void powerloss_forget(void);            /* the record begins anew, with the files as they are now: none may be open */
void powerloss_ignore_syncs(bool lies); /* a disk that says "synced" and is not: to prove that the test can fail */

void powerloss_pause(bool paused); /* nothing is recorded: for looking at what was rebuilt */

/* Faults: the n-th sync or write from now fails (1: the next one). 0 takes it back. Every later one fails too. */
void powerloss_fail_sync(unsigned n);
void powerloss_fail_write(unsigned n); /* as a full disk does */

size_t powerloss_now(void);         /* the moment: how many operations were recorded */
size_t powerloss_sync_count(void);  /* how many of them asked for a sync */
size_t powerloss_sync_at(size_t k); /* the moment right before the k-th sync would return */

/* Writes the files as a disk would have them at `moment` into the folder, under their own names. */
bool powerloss_rebuild(const char *folder, size_t moment, enum loss loss, uint32_t seed);
