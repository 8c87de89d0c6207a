/**
 * Several trainings at once: the throughput of two runs side by side against one, and a search of 20 candidates with
 * three seeds each against PyTorch doing the same trainings, two at once.
 *   npm run bench -- many [--rounds N] [--case pair|search]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mlp } from './parts/cases'
import { experimentOf } from './parts/experiments'
import { findPeer } from './parts/peer'
import { clinic, peerRun } from './parts/processes'
import { machine } from './parts/quiet'
import { Goals, options, printColumns, processRounds, ratios, shown, type Times } from './parts/rounds'
import { isWorker, serve } from './parts/worker'

/** One thread each: the bits of a run must not depend on what else runs. */
const ALONE = ['--threads', '1']
const PAIR = { case: mlp(20, 64, 'relu'), steps: 2000, goal: 1 / 1.8 }
/** Candidates × seeds, recorded every 10th step. The peer has the goal, since seconds differ between machines. */
const SEARCH = { case: mlp(20, 64, 'relu'), candidates: 20, seeds: 3, steps: 500, every: 10, atOnce: 2, goal: 1 }

async function main(): Promise<void> {
  const { rounds, only } = options()
  const torch = findPeer('default')
  torch?.end()
  console.log(`${machine()}\nPeer: ${torch ? torch.name : 'PyTorch is not installed'}, one thread for each training.\n`)
  const run = await clinic()
  const goals = new Goals()
  const dir = mkdtempSync(join(tmpdir(), 'gradient-clinic-bench-'))
  const file = (name: string, content: unknown): string => {
    const path = join(dir, name)
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const lines = [['what', 'seconds', 'ratio']]
  try {
    if (!only || only === 'pair') {
      const path = file('pair.json', experimentOf(PAIR.case, PAIR.steps))
      const one = (name: string): Promise<number> =>
        run('run', path, '--out', join(dir, name), ...ALONE).then((c) => c.ms)
      const [alone, both]: [Times, Times] = [[], []]
      const isQuiet = await processRounds(Math.min(rounds, 5), async () => {
        const single = await one('a')
        const start = performance.now()
        await Promise.all([one('a'), one('b')])
        const pair = performance.now() - start
        return () => {
          alone.push(single)
          both.push(pair)
        }
      })
      // Time for each of two runs, as a share of the time of one alone.
      const each = ratios(
        both.map((ms) => ms / 2),
        alone
      )
      lines.push([
        `${PAIR.case.name}: two side by side, time for each ÷ one alone`,
        shown(alone.map((ms) => ms / 1000)),
        `${goals.judge(each, Number(PAIR.goal.toFixed(3)), isQuiet)}; throughput ${shown(each.map((r) => 1 / r))}`
      ])
    }
    if (!only || only === 'search') {
      const { candidates, seeds, steps, every, atOnce } = SEARCH
      const plan = file('plan.json', {
        experiment: experimentOf(SEARCH.case, steps, every),
        settings: {
          'training.optimizer.learningRate': Array.from({ length: candidates }, (_, i) => 1e-4 * 1.3 ** i)
        },
        seeds
      })
      const [own, peer]: [Times, Times] = [[], []]
      const isQuiet = await processRounds(Math.min(rounds, 3), async () => {
        const out = join(dir, 'sweep')
        rmSync(out, { recursive: true, force: true })
        const { ms } = await run('sweep', plan, '--out', out, '--jobs', String(atOnce))
        const start = performance.now()
        if (torch)
          await Promise.all(
            Array.from({ length: atOnce }, (_, i) =>
              peerRun({
                case: SEARCH.case,
                steps,
                every,
                out: join(dir, `peer${i}.bin`),
                peer: { threads: 1, optimizer: 'foreach' },
                repeat: (candidates * seeds) / atOnce
              })
            )
          )
        const theirs = performance.now() - start
        return () => {
          own.push(ms)
          if (torch) peer.push(theirs)
        }
      })
      lines.push([
        `${candidates} candidates × ${seeds} seeds × ${steps} steps of ${SEARCH.case.name}, two at once ÷ peer`,
        shown(own.map((ms) => ms / 1000)),
        torch ? goals.judge(ratios(own, peer), SEARCH.goal, isQuiet) : '–'
      ])
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  printColumns(lines)
  goals.end()
}
if (isWorker) serve()
else void main()
