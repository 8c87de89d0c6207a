/**
 * How often the diagnosis is right, over the labelled corpus of tests/corpus: what is detected, named, told in time,
 * alarmed at for nothing, and repaired by the first advice, beside the published rules of other tools on the same
 * frames.
 *   npm run diagnose-bench [-- --only KIND[,KIND…]] [--seed N] [--part tuned|heldOut] [--minutes N] [--again] [--write]
 *   npm run diagnose-bench -- --collect [--only …] [--part …]
 * --only: these faults, variations or bases; --seed: of this seed; --minutes: no new case after so many; --again:
 * judges the runs of the last bench anew, without training them; --write: the rules and the tables into
 * docs/diagnosis.md; --collect: measures all candidates afresh and writes the manifest. Reports go to out/diagnose.
 * Exits with 1 when a case is no longer what the manifest says it is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { makeRng, permutation } from '../src/shared/base/random/rng'
import { rules } from '../src/shared/clinic/rules'
import { faults } from '../tests/corpus'
import { MANIFEST, type Manifest } from '../tests/corpus/manifest'
import { FAILS, LEARNS } from '../tests/corpus/run'
import { collect } from './parts/diagnose/collect'
import { misses, tables, type Results } from './parts/diagnose/table'
import { work, type Answer, type Ask } from './parts/diagnose/work'
import { isHand, pool, serveHand } from './parts/hands'
import { argument } from './parts/rounds'

const ROOT = process.cwd()
const PAGE = join(ROOT, 'docs/diagnosis.md')
/** Seeds apart from those of the tests, and from each other. */
const SEEDS = { tuned: [7101, 7102, 7103], heldOut: [9401, 9402, 9403] } as const
/** Cases wanted of each fault, and of each variation. */
const QUOTA = { tuned: { failing: 9, healthy: 14 }, heldOut: { failing: 7, healthy: 12 } } as const
const PARTS = ['tuned', 'heldOut'] as const
const TITLES = { tuned: 'tuned', heldOut: 'held-out' } as const
/** By how much a run's figure may differ on another machine before it is said. */
const SLACK = 0.1
/** What sums of shares are off by in floating point: far less than one held-out answer. */
const ROUNDING = 1e-9

const wanted = (): (typeof PARTS)[number][] => PARTS.filter((p) => (argument('--part') ?? p) === p)
const manifestOf = (): Manifest => {
  const empty = { failing: [], healthy: [] }
  const path = join(ROOT, MANIFEST)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : { tuned: empty, heldOut: empty }
}

async function gather(): Promise<void> {
  const manifest = manifestOf()
  const known = new Set(faults.map((f) => f.id))
  for (const part of wanted())
    manifest[part] = await collect(
      manifest[part],
      SEEDS[part],
      (kind) => known.has(kind),
      (id) => isWanted({ id }),
      QUOTA[part]
    )
  writeFileSync(
    join(ROOT, MANIFEST),
    await format(JSON.stringify(manifest), { ...(await resolveConfig(MANIFEST)), parser: 'json' })
  )
  for (const part of PARTS)
    console.log(`${part}: ${manifest[part].failing.length} failing, ${manifest[part].healthy.length} healthy`)
}
const isWanted = ({ id }: { id: string }): boolean => {
  const [base, what, seed] = id.split('/')
  const only = argument('--only')?.split(',')
  return (!only || only.includes(what!) || only.includes(base!)) && (argument('--seed') ?? seed) === seed
}
/** Puts the rules and the tables between their marks on the page. */
async function write(table: string): Promise<void> {
  const list = rules.all.map((r) => `- **${r.name.en}** (\`${r.kind}\`). ${r.doc.en}`).join('\n')
  const put = (page: string, mark: string, text: string): string => {
    const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
    return `${page.slice(0, page.indexOf(open) + open.length)}\n\n${text}\n\n${page.slice(page.indexOf(close))}`
  }
  const page = put(put(readFileSync(PAGE, 'utf8'), 'rules', list), 'table', table)
  const options = await resolveConfig(PAGE)
  writeFileSync(PAGE, await format(page, { ...options, parser: 'markdown' }))
}
async function main(): Promise<number> {
  if (process.argv.includes('--collect')) {
    await gather()
    return 0
  }
  const manifest = manifestOf()
  const parts = wanted().map((p) => ({
    title: TITLES[p],
    part: { failing: manifest[p].failing.filter(isWanted), healthy: manifest[p].healthy.filter(isWanted) }
  }))
  const entries = parts.flatMap((p) => [...p.part.failing, ...p.part.healthy])
  const start = performance.now()
  const answers = await pool<Ask, Answer>(
    __filename,
    // In any order, so that what is done by a time limit is a fair sample.
    Array.from(permutation(entries.length, makeRng(1, 'diagnose')), (i) => ({
      id: entries[i]!.id,
      what: process.argv.includes('--again') ? ('again' as const) : ('judge' as const)
    })),
    (_answer, left) => process.stderr.isTTY && process.stderr.write(`\r${left} left   `),
    Number(argument('--minutes') ?? Infinity)
  )
  const results: Results[] = parts.map((p) => ({ ...p, answers: answers.filter((a) => !a.failure) }))
  const text = tables(results)
  const short = misses(results)
  const failures = answers.filter((a) => a.failure).map((a) => `${a.id}: ${a.failure!}`)
  const reached = new Map(answers.map((a) => [a.id, a.skill]))
  const drifted = entries.flatMap((e) => {
    const skill = reached.get(e.id)
    if (skill === undefined) return []
    const holds = e.twin === undefined ? skill >= LEARNS - SLACK - ROUNDING : skill <= FAILS + SLACK + ROUNDING
    return holds ? [] : [`${e.id}: ${skill.toFixed(3)} now, ${e.skill} in the manifest`]
  })
  const folder = join(ROOT, 'out/diagnose')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.json'), JSON.stringify(answers, undefined, 1))
  writeFileSync(join(folder, 'report.md'), `${text}\n`)
  writeFileSync(join(folder, 'misses.txt'), `${short}\n`)
  console.log(text)
  console.log(`\n${short}`)
  if (drifted.length) console.log(`\nNo longer as the manifest says:\n${drifted.join('\n')}`)
  if (failures.length) console.log(`\nBroke off:\n${failures.join('\n')}`)
  console.log(
    `\n${answers.length} cases in ${((performance.now() - start) / 60000).toFixed(1)} min; out/diagnose has it all.`
  )
  if (process.argv.includes('--write')) await write(text)
  return drifted.length || failures.length ? 1 : 0
}

if (isHand) serveHand(work)
else void main().then((code) => (process.exitCode = code))
