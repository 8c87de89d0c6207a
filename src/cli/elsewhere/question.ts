import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Attachments } from '../../shared/catalog/datasets'
import { asAttachment } from '../../shared/catalog/datasets/parts/tableFile'
import type { Goal } from '../../shared/cure/types'
import { issuesToProblems } from '../../shared/base/issues'
import { parseJsonText } from '../../shared/base/json'
import { InputError } from '../../shared/base/problems'
import { parseExperiment, type Experiment } from '../../shared/experiment'
import { ENGINE_VERSION } from '../../trainer/engineVersion'
import { bad } from '../args'
import { makeFolder, writeWhole } from '../disk'
import { readBytes } from '../input'
import { sha256, sumsOf, type JobContext } from '../jobs/address'
import { toJson } from '../../shared/base/toJson'
import { THREADS } from '../trainings'

/** Ways to have the jobs of a search made by another program. */
export const KINDS = ['parallel', 'slurm', 'k8s'] as const
export type Kind = (typeof KINDS)[number]

/** What a search asks, as it lies in its folder for whoever makes its jobs. */
export interface Question {
  experiment: Experiment
  goal: Goal
  seeds: number[]
  pairs: number
  consider?: string[]
  /** Writes the cured experiment too. */
  apply: boolean
  /** Absent: its jobs go through a queue. */
  emit?: Kind
  /** Each run is kept as a project file, too: a window asks. */
  projects?: true
}

const FILE = 'search.json'
const FORMAT = 'gradient-clinic/search'
const BYTES = { question: 64e6, data: 1e9 }
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const schema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(1),
  experiment: v.looseObject({}),
  goal: v.strictObject({
    metric: v.string(),
    better: v.picklist(['higher', 'lower']),
    target: v.optional(v.number())
  }),
  seeds: v.pipe(v.array(count), v.minLength(1), v.maxLength(100)),
  pairs: count,
  consider: v.optional(v.array(v.string())),
  apply: v.boolean(),
  emit: v.optional(v.picklist(KINDS)),
  projects: v.optional(v.literal(true)),
  // Only files of the search's own folder are ever read.
  files: v.array(
    v.strictObject({ name: v.string(), file: v.pipe(v.string(), v.regex(/^data\/\d{1,3}$/)), sha256: v.string() })
  ),
  versions: v.strictObject({ 'gradient-clinic': v.string(), engine: v.string(), threads: v.number() })
})

/** Writes the question of a search and the files of its experiment into a folder. */
export function writeQuestion(dir: string, question: Question, files: Attachments, version: string): void {
  makeFolder(join(dir, 'data'))
  const names = Object.keys(files).sort()
  names.forEach((name, i) => {
    const content = files[name]!
    writeWhole(join(dir, 'data'), String(i), content)
  })
  const sums = new Map(sumsOf(files))
  writeWhole(
    dir,
    FILE,
    toJson({
      format: FORMAT,
      version: 1,
      ...question,
      files: names.map((name, i) => ({ name, file: `data/${i}`, sha256: sums.get(name)! })),
      versions: { 'gradient-clinic': version, engine: ENGINE_VERSION, threads: THREADS }
    })
  )
}

/**
 * Reads the question of a search again. @returns it, and what every job of it has in common
 * @throws InputError when there is none, when it is of another version, or when its files have changed
 */
export function readQuestion(dir: string, version: string): { question: Question; context: JobContext } {
  if (!existsSync(join(dir, FILE)))
    throw bad(
      dir,
      `holds no ${FILE}: name a folder that clinic prescribe --emit wrote`,
      `其中没有 ${FILE}：请指定由 clinic prescribe --emit 写出的文件夹`
    )
  const text = readBytes(join(dir, FILE), FILE, BYTES.question).toString('utf8')
  const read = v.safeParse(schema, parseJsonText(text, FILE, false))
  if (!read.success) throw new InputError(issuesToProblems(read.issues, FILE))
  const { files: listed, versions, experiment: raw, consider, seeds, pairs, apply, emit, projects } = read.output
  const { target, ...aim } = read.output.goal
  const goal: Goal = { ...aim, ...(target !== undefined && { target }) }
  const own = { 'gradient-clinic': version, engine: ENGINE_VERSION }
  for (const [name, mine] of Object.entries(own))
    if (versions[name as keyof typeof own] !== mine)
      throw bad(
        FILE,
        `was made by ${name} ${versions[name as keyof typeof own]}, and this is ${mine}: use the same version on every machine`,
        `由 ${name} ${versions[name as keyof typeof own]} 生成，而此处为 ${mine}：请在每台机器上使用相同的版本`
      )
  const files: Attachments = {}
  for (const { name, file, sha256: sum } of listed) {
    const bytes = readBytes(join(dir, file), `${file} (${name})`, BYTES.data)
    if (sha256(bytes) !== sum)
      throw bad(
        file,
        `is not the file of this search any more (${name}): emit the search again`,
        `已不是此次搜索的文件（${name}）：请重新生成`
      )
    files[name] = name === raw['weights'] ? bytes : asAttachment(bytes)
  }
  return {
    question: {
      seeds,
      pairs,
      apply,
      ...(emit && { emit }),
      ...(projects && { projects }),
      experiment: parseExperiment(raw),
      goal,
      ...(consider && { consider })
    },
    context: {
      files,
      sums: sumsOf(files),
      goal,
      runs: join(dir, 'runs'),
      version,
      threads: THREADS,
      ...(projects && { projects })
    }
  }
}
