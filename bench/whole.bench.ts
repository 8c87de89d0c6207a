/**
 * Whole trainings from the start of a process to its end: `clinic run` with every step recorded, and with every 100th,
 * as ratios to a PyTorch script that trains the same network and writes the same statistics, at its best settings.
 *   npm run bench -- whole [--rounds N] [--case 30×64] [--peer best|default]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CASES, conv, mlp, named, recurrent, type Case } from './parts/cases'
import { experimentOf } from './parts/experiments'
import { findPeer, type Peer } from './parts/peer'
import { clinic, peerRun } from './parts/processes'
import { machine } from './parts/quiet'
import { Goals, options, printColumns, processRounds, ratios, shown, stepsFor, type Times } from './parts/rounds'
import { isWorker, serve } from './parts/worker'

/** Limits for a run with every step recorded, as ratios to the script that records the same. */
const GOAL = { usual: 0.8, lstm: 1.1, wide: 1.1, batchNorm: 1.2 }
/** Steps of a run, as a multiple of those that take about a second for all variants of a step. */
const LONGER = 6
const SELDOM = 100

const WHOLE: Case[] = [
  ...CASES.filter((c) => c.kind === 'dense' && c.batch === 64 && c.with !== 'maxout'),
  conv(3, 32, 28),
  recurrent('rnn', 100, 64),
  recurrent('lstm', 100, 64),
  named(mlp(10, 64, 'relu'), 'longer', {})
].filter((c) => !c.name.startsWith('MLP 30×64'))
const goalOf = (c: Case): number =>
  c.kind === 'lstm' ? GOAL.lstm : c.width >= 1024 ? GOAL.wide : c.with === 'batchNorm' ? GOAL.batchNorm : GOAL.usual
const stepsOf = (c: Case): number => (c.name.endsWith('longer') ? 5000 : LONGER * stepsFor(c))

type Way = 'every' | 'seldom' | 'peer' | 'peerSeldom'
async function timed(
  c: Case,
  torch: Peer | undefined,
  rounds: number,
  dir: string
): Promise<Record<Way, Times> & { isQuiet: boolean }> {
  const run = await clinic()
  const steps = stepsOf(c)
  const file = (every: number): string => {
    const path = join(dir, `${every}.json`)
    writeFileSync(path, JSON.stringify(experimentOf(c, steps, every)))
    return path
  }
  const ask = { case: c, variant: 'torch' } as const
  // Its best setting is that of a step without statistics.
  await torch?.ask({ ...ask, steps: stepsFor(c) })
  const { wait, ...peer } = torch?.setting(ask) ?? { wait: 'usual' as const, threads: 0, optimizer: 'usual' as const }
  const found = { every: [], seldom: [], peer: [], peerSeldom: [] } as Record<Way, Times>
  const files = [1, SELDOM].map((every) => ({ every, path: file(every) }))
  const isQuiet = await processRounds(rounds, async () => {
    const made: Partial<Record<Way, number>> = {}
    for (const { every, path } of files) {
      made[every === 1 ? 'every' : 'seldom'] = (await run('run', path, '--out', join(dir, `out${every}`))).ms
      if (torch)
        made[every === 1 ? 'peer' : 'peerSeldom'] = (
          await peerRun({ case: c, steps, every, out: join(dir, 'peer.bin'), peer }, wait)
        ).ms
    }
    return () => Object.entries(made).forEach(([name, ms]) => found[name as Way].push(ms))
  })
  return { ...found, isQuiet }
}

async function main(): Promise<void> {
  const { rounds, only, peer } = options()
  const torch = findPeer(peer)
  console.log(`${machine()}\nPeer: ${torch?.name ?? 'PyTorch is not installed'}. Ratios of whole processes.\n`)
  const goals = new Goals()
  const dir = mkdtempSync(join(tmpdir(), 'gradient-clinic-bench-'))
  const rows = [
    ['case', 'steps', 'seconds', 'every step', 'every 100th', 'every step ÷ peer with every 100th', 'torch with']
  ]
  try {
    for (const c of WHOLE.filter((x) => !only || x.name.includes(only))) {
      const { every, seldom, peer: all, peerSeldom, isQuiet } = await timed(c, torch, Math.min(rounds, 5), dir)
      rows.push([
        c.name,
        String(stepsOf(c)),
        shown(every.map((ms) => ms / 1000)),
        ...(torch
          ? [
              goals.judge(ratios(every, all), goalOf(c), isQuiet),
              shown(ratios(seldom, peerSeldom)),
              shown(ratios(every, peerSeldom)),
              torch.chosen({ case: c, variant: 'torch' })
            ]
          : ['–', '–', '–', '–'])
      ])
    }
  } finally {
    torch?.end()
    rmSync(dir, { recursive: true, force: true })
  }
  printColumns(rows)
  goals.end()
}
if (isWorker) serve()
else void main()
