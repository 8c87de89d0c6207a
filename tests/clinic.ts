/** Before every test file: experiments can name remedies, as in each process of the product. */
import '@shared/clinic/remedies'
import { vi } from 'vitest'

/** Milliseconds that a state is waited for. Vitest gives one second, which a busy machine may take for anything. */
const PATIENCE = 60_000
const { waitFor, waitUntil } = vi
const patient = <O extends { timeout?: number }>(options: number | O | undefined): { timeout?: number } =>
  typeof options === 'number' ? { timeout: options } : { timeout: PATIENCE, ...options }
// Files that share a process share `vi`.
if (!('isPatient' in vi))
  Object.assign(vi, {
    isPatient: true,
    waitFor: ((look, options) => waitFor(look, patient(options))) as typeof waitFor,
    waitUntil: ((look, options) => waitUntil(look, patient(options))) as typeof waitUntil
  })
