/*
 * sample_folder: the sample service as files, in a folder of its own below /tmp.
 */
#pragma once
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sample_service.h"

#define SAMPLE_FOLDER_MAX 64

static inline void sample_write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wbe");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static inline void sample_make_folders(char dir[SAMPLE_FOLDER_MAX])
{
    static const char *const folders[] = {"flow", "text", "lists", "directory"};
    char path[2 * SAMPLE_FOLDER_MAX];
    snprintf(dir, SAMPLE_FOLDER_MAX, "/tmp/helpline-menu-XXXXXX");
    if (!mkdtemp(dir))
        abort();
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
        if (mkdir(path, 0700) != 0)
            abort();
    }
}

static inline void sample_write_folder(const char *dir)
{
    char path[2 * SAMPLE_FOLDER_MAX];
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, sample_files[i].name);
        sample_write_file(path, sample_files[i].text);
    }
}

static inline int sample_remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline void sample_remove_folder(const char *dir)
{
    if (nftw(dir, sample_remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
        abort();
}
