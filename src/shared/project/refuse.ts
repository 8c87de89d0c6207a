import { InputError, problem } from '../base/problems'

/** The error of a file with this one problem. */
export const refuse = (path: string, en: string, zh: string): InputError => new InputError([problem(path, en, zh)])
