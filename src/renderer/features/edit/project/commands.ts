import type { InjectionKey } from 'vue'
import type { FileCommands } from './files'

export const FILES: InjectionKey<FileCommands> = Symbol('files')
