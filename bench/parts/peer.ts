import type { Ask, PeerSetting } from './cases'
import { torchWorker, type Wait, type Worker } from './workers'

export interface Setting extends PeerSetting {
  wait: Wait
}
/** PyTorch, with the settings that it was found to be fastest with. */
export interface Peer extends Worker {
  /** What is used for a case, in words. */
  chosen(ask: Pick<Ask, 'case' | 'variant'>): string
  /** The same, as it is set. */
  setting(ask: Pick<Ask, 'case' | 'variant'>): Setting
}
/** Which settings the peer is measured with: those that are best for a case here and now, or its own. */
export type PeerMode = 'best' | 'default'

const USUAL: Setting = { wait: 'usual', threads: 0, optimizer: 'usual' }
const THREADS = [
  { threads: 1, wait: 'usual' },
  ...(['usual', 'active', 'passive'] as const).map((wait) => ({ threads: 0, wait }))
] as const
const OPTIMIZERS = ['loop', 'foreach', 'fused'] as const
/** Each setting is tried so often, and counts with its fastest time. */
const TRIES = 3

/**
 * PyTorch at its best: threads, way of waiting and kind of optimizer are searched for anew with the first request of
 * each case. @returns undefined where PyTorch is not installed
 */
export function findPeer(mode: PeerMode): Peer | undefined {
  const usual = torchWorker('usual')
  if (!usual) return undefined
  const workers: Record<Wait, Worker> = {
    usual,
    active: mode === 'best' ? torchWorker('active')! : usual,
    passive: mode === 'best' ? torchWorker('passive')! : usual
  }
  const found = new Map<string, Setting>()
  const key = ({ case: c, variant }: Pick<Ask, 'case' | 'variant'>): string => `${variant} ${c.name}`
  const timed = async (ask: Ask, { wait, ...peer }: Setting): Promise<number> => workers[wait].ask({ ...ask, peer })
  async function fastest(ask: Ask, settings: readonly Setting[]): Promise<Setting> {
    const times = settings.map(() => Infinity)
    for (let i = 0; i < TRIES; i++)
      for (const [k, setting] of settings.entries()) times[k] = Math.min(times[k]!, await timed(ask, setting))
    return settings[times.indexOf(Math.min(...times))]!
  }
  async function best(ask: Ask): Promise<Setting> {
    const few = { ...ask, steps: Math.max(2, ask.steps >> 2) }
    const base = await fastest(
      few,
      THREADS.map((t) => ({ ...USUAL, ...t }))
    )
    return fastest(
      few,
      OPTIMIZERS.map((optimizer) => ({ ...base, optimizer }))
    )
  }
  return {
    name: `${usual.name}, ${mode === 'best' ? 'at its best for each case' : 'as it is by itself'}`,
    async ask(ask) {
      let setting = found.get(key(ask))
      if (!setting) found.set(key(ask), (setting = mode === 'best' ? await best(ask) : USUAL))
      return timed(ask, setting)
    },
    setting: (ask) => found.get(key(ask)) ?? USUAL,
    chosen(ask) {
      const { threads, wait, optimizer } = found.get(key(ask)) ?? USUAL
      return [threads === 1 ? '1 thread' : `all threads, waiting: ${wait}`, optimizer].join(', ')
    },
    end: () => new Set(Object.values(workers)).forEach((w) => w.end())
  }
}
