/**
 * From a table of numbers to the first step of a training: time and memory of `clinic run`, as ratios to a script with
 * numpy.loadtxt and PyTorch.
 *   npm run bench -- table [--rounds N] [--case wide|long]
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '../src/shared/clinic/remedies'
import { parseExperiment } from '../src/shared/experiment'
import { makeRng } from '../src/shared/base/random/rng'
import { clinic, peerRun, type Cost } from './parts/processes'
import { findPeer } from './parts/peer'
import { machine } from './parts/quiet'
import { Goals, median, options, printColumns, processRounds, ratios, shown } from './parts/rounds'

const TABLES = [
  { name: 'wide', rows: 1000, columns: 10_000, goal: 1 },
  { name: 'long', rows: 100_000, columns: 20, goal: 0.5 }
]
const MEMORY = 1

/** Writes normal numbers with six decimals. */
function writeTable(path: string, rows: number, columns: number): void {
  const rng = makeRng(1, 'table')
  const file = openSync(path, 'w')
  writeSync(file, `${Array.from({ length: columns }, (_, i) => (i < columns - 1 ? `f${i}` : 'y')).join()}\n`)
  for (let r = 0; r < rows; r++)
    writeSync(file, `${Array.from({ length: columns }, () => rng.normal().toFixed(6)).join()}\n`)
  closeSync(file)
}
const experiment = (file: string): object =>
  parseExperiment({
    data: { dataset: { id: 'csv', file, target: 'y' } },
    network: {
      nodes: [
        { id: 'hidden', kind: 'dense', params: { units: 64, activation: 'relu' } },
        { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
      ]
    },
    training: { steps: 1, batchSize: 64, loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 1e-3 } }
  })

async function main(): Promise<void> {
  const { rounds, only } = options()
  const torch = findPeer('default')
  torch?.end()
  console.log(`${machine()}\nPeer: ${torch ? `numpy.loadtxt and ${torch.name}` : 'PyTorch is not installed'}.\n`)
  const run = await clinic()
  const goals = new Goals()
  const dir = mkdtempSync(join(tmpdir(), 'gradient-clinic-bench-'))
  const lines = [['table', 'seconds', 'time ÷ peer', 'MB', 'memory ÷ peer']]
  try {
    for (const { name, rows, columns, goal } of TABLES.filter((t) => !only || t.name === only)) {
      const csv = join(dir, `${name}.csv`)
      writeTable(csv, rows, columns)
      const file = join(dir, `${name}.json`)
      writeFileSync(file, JSON.stringify(experiment(`${name}.csv`)))
      const own: Cost[] = []
      const peer: Cost[] = []
      const isQuiet = await processRounds(Math.min(rounds, 5), async () => {
        const ours = await run('run', file, '--out', join(dir, 'out'))
        const theirs =
          torch &&
          (await peerRun({
            csv,
            steps: 1,
            every: 1,
            out: join(dir, 'peer.bin'),
            peer: { threads: 0, optimizer: 'usual' }
          }))
        return () => {
          own.push(ours)
          if (theirs) peer.push(theirs)
        }
      })
      const of = (list: Cost[], what: keyof Cost): number[] => list.map((c) => c[what])
      lines.push([
        `${name}: ${rows} × ${columns}`,
        shown(of(own, 'ms').map((ms) => ms / 1000)),
        torch ? goals.judge(ratios(of(own, 'ms'), of(peer, 'ms')), goal, isQuiet) : '–',
        median(of(own, 'mb')).toFixed(0),
        torch ? goals.judge(ratios(of(own, 'mb'), of(peer, 'mb')), MEMORY, true) : '–'
      ])
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  printColumns(lines)
  goals.end()
}
void main()
