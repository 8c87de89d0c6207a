/// <reference types="vite/client" />
import type { AppApi } from '@shared/ipc/app'

declare global {
  interface Window {
    /** The typed bridge to the main process. */
    clinic: AppApi
  }
}
