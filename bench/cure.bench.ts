/**
 * How well the search for the cure does, over nets of the labelled corpus that fail, and nets that nothing can help:
 * whether its first-ranked candidate cures what any candidate cures, what it costs beside the untreated trainings, and
 * whether its claims hold on seeds that took no part; against random search and against trying all without a race.
 *   npm run cure-bench [-- --nets N] [--seed S] [--seeds 5] [--fresh 20] [--minutes N] [--only KIND[,KIND…]]
 * Nets are chosen so that every task (classification, regression, sequences, critics) and many faults have their share.
 * Cost is counted in training steps, which other work on the machine does not change, and in time. --minutes: no new
 * net after so many; --only: of the nets chosen, those of these tasks, faults, bases or ids. The report goes to
 * out/cure: report.json and report.md. It covers all of the nets chosen that were answered, by earlier runs of the same
 * sources too: what takes long can be run in pieces.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRng, permutation } from '../src/shared/base/random/rng'
import { bases } from '../tests/corpus/bases'
import { MANIFEST, type Manifest } from '../tests/corpus/manifest'
import { Kept } from './parts/cure/kept'
import { lineOf, score } from './parts/cure/score'
import { work, type Answer, type Ask } from './parts/cure/work'
import { isHand, pool, serveHand } from './parts/hands'
import { argument } from './parts/rounds'

const ROOT = process.cwd()
/** One net in so many is one that nothing can help. */
const HOPELESS = 6

/** What a net of the corpus is asked to learn. */
function taskOf(id: string): 'classification' | 'regression' | 'sequences' | 'critics' | 'nothing' {
  const base = bases.find((b) => b.id === id.split('/')[0])
  if (!base) return 'nothing'
  if (base.task === 'critic') return 'critics'
  if (base.family === 'recurrent' || base.family === 'embedding') return 'sequences'
  return base.task === 'regression' ? 'regression' : 'classification'
}
/** So many of the ids, the first of each kind first: of the task that has fewest so far, one of the rarest fault. */
function spread(ids: readonly string[], count: number): string[] {
  const chosen: string[] = []
  const left = [...ids]
  const had = (of: (id: string) => string, id: string): number => chosen.filter((c) => of(c) === of(id)).length
  const [fault, base] = [(id: string) => id.split('/')[1]!, (id: string) => id.split('/')[0]!]
  while (chosen.length < count && left.length) {
    const marks = left.map((id) => [had(taskOf, id), had(fault, id), had(base, id)])
    const least = marks.reduce((a, b) => ((a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!) > 0 ? b : a))
    chosen.push(...left.splice(marks.indexOf(least), 1))
  }
  return chosen
}
function nets(count: number, seed: number): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, MANIFEST), 'utf8')) as Manifest
  const ids = [...manifest.heldOut.failing, ...manifest.tuned.failing].map((e) => e.id)
  const order = Array.from(permutation(ids.length, makeRng(seed, 'cure-bench')), (i) => ids[i]!)
  const failing = spread(order, count - Math.floor(count / HOPELESS))
  const hopeless = Array.from({ length: Math.floor(count / HOPELESS) }, (_, i) => `nothing/${seed + i}`)
  // A time limit leaves a fair sample.
  return failing.flatMap((id, i) => [id, ...((i + 1) % (HOPELESS - 1) ? [] : hopeless.splice(0, 1))])
}
async function main(): Promise<number> {
  const [count, seed, seeds, fresh] = (
    [
      ['--nets', 24],
      ['--seed', 1],
      ['--seeds', 5],
      ['--fresh', 20]
    ] as const
  ).map(([name, usual]) => Number(argument(name) ?? usual)) as [number, number, number, number]
  const start = performance.now()
  const folder = join(ROOT, 'out/cure')
  const kept = new Kept(folder)
  const ids = nets(count, seed)
  const only = argument('--only')?.split(',')
  const asks = ids.map((id): Ask => ({ id, seeds, fresh }))
  const isWanted = ({ id }: Ask): boolean => !only || [id, taskOf(id), ...id.split('/')].some((p) => only.includes(p))
  const missing = asks.filter((ask) => isWanted(ask) && !kept.find(ask))
  const made = await pool<Ask, Answer>(
    __filename,
    missing,
    (answer) => {
      kept.keep({ id: answer.id, seeds, fresh }, answer)
      console.error(lineOf(answer))
    },
    Number(argument('--minutes') ?? Infinity)
  )
  const failed = made.filter((a) => a.failure)
  const answers = [...failed, ...asks.flatMap((ask) => kept.find(ask) ?? [])]
  const { figures, table } = score(answers, fresh)
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ seed, seeds, fresh, ...figures, answers }, undefined, 1))
  writeFileSync(join(folder, 'report.md'), `${table}\n`)
  const minutes = ((performance.now() - start) / 60_000).toFixed(1)
  const tasks = [...new Set(answers.map((a) => taskOf(a.id)))].map(
    (task) => `${task} ${answers.filter((a) => taskOf(a.id) === task).length}`
  )
  console.log(
    `${table}\n\n${answers.length} of ${ids.length} nets (${tasks.join(', ')}), ${made.length} of them now in ${minutes} min`
  )
  return failed.length ? 1 : 0
}

if (isHand) serveHand(work)
else void main().then((code) => (process.exitCode = code))
