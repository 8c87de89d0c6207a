/// <reference types="vite/client" />
import type { AppApi } from '@shared/ipc/app'

declare global {
  interface Window {
    /** The typed bridge to the main process. */
    clinic: Omit<AppApi, 'fileDropped'> & {
      /** Where a file that was dropped lies; main lets it be opened from there. Empty where it has no place. */
      pathOf(file: File): string
    }
  }
}
