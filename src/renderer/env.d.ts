/// <reference types="vite/client" />
import type { AppApi } from '@shared/ipc/app'

declare global {
  interface Window {
    /** The typed bridge to the main process. */
    clinic: AppApi & {
      /** Where a file that was dropped lies. */
      pathOf(file: File): string
    }
  }
}
