/* backup: the copy that the writer makes in its idle gaps, as store.h promises it. */
#pragma once
#include "store/store.h"

/* The connection goes away under a backup: its next step says BROKEN. NULL is fine. */
void backup_abandon(struct store_backup *backup);
