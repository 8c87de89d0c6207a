import { counted } from '../shared/base/text'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { relative } from 'node:path'
import { InputError } from '../shared/base/problems'
import { isStream, noFile, systemText, systemWords } from '../shared/base/system'
import { remedies } from '../shared/clinic/remedies'
import { kindName } from '../shared/clinic/rules'
import { VERDICTS } from '../shared/clinic/verdict'
import { changesFor } from '../shared/recording/changes'
import { RecordingReader } from '../shared/recording/reader'
import type { CodeLine } from '../shared/base/python'
import type { Finding, RunSchema, RunVerdict } from '../shared/run/types'
import type { RunUpdate } from '../shared/run/update'
import { bad, parseArguments } from './args'
import type { Console } from './run'

/** Bytes that are read at once: a recording need not fit memory. */
const PIECE = 1 << 20
/** Modules of a finding that are listed with their lines. */
const MOST_LISTED = 5

/** What a recording has come to. */
interface Diagnosis {
  schema: RunSchema
  frames: number
  /** Steps made. */
  steps: number
  state: string
  findings: readonly Finding[]
  verdict: RunVerdict | undefined
  events: { step: number; text: string }[]
  isCut: boolean
}

/** Why a recording can't be read, in words where there are any. */
function unreadable(path: string, error: unknown): Error {
  const { cause } = systemWords(error, 'read') ?? {}
  const why = (error as NodeJS.ErrnoException).code ?? String(error)
  return cause
    ? bad(path, `can't be read: ${cause.en}`, `无法读取：${cause.zh}`)
    : bad(path, `can't be read (${why})`, `无法读取（${why}）`)
}
/** Reads a file piece by piece. @throws InputError when it can't be read, or is no recording */
function read(path: string): Diagnosis {
  const reader = new RecordingReader()
  const updates: RunUpdate[] = []
  let frames = 0
  const take = (more: RunUpdate[]): void => {
    for (const u of more)
      if (u.kind === 'frames') frames += u.frames.steps.length
      else updates.push(u)
  }
  let file: number
  try {
    // A pipe that nobody writes into would be waited for.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    throw unreadable(path, error)
  }
  try {
    const found = fstatSync(file)
    if (isStream(found)) {
      const { en, zh } = systemText(noFile(found), 'read')
      throw bad(path, `${en}: save the recording to a file first`, `${zh}：请先将记录保存为文件`)
    }
    const piece = Buffer.alloc(PIECE)
    for (let n = readSync(file, piece, 0, PIECE, null); n > 0; n = readSync(file, piece, 0, PIECE, null))
      take(reader.push(piece.subarray(0, n)))
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.problems.map((p) => ({ ...p, path })))
    throw unreadable(path, error)
  } finally {
    closeSync(file)
  }
  const isCut = !reader.isOver
  take(reader.end())
  const newest = <K extends RunUpdate['kind']>(kind: K): Extract<RunUpdate, { kind: K }> | undefined =>
    [...updates].reverse().find((u): u is Extract<RunUpdate, { kind: K }> => u.kind === kind)
  const schema = newest('schema')?.schema
  if (!schema || !frames) throw bad(path, 'holds no recorded step yet', '尚无记录的步')
  const end = newest('done')!
  return {
    schema,
    frames,
    steps: end.step,
    state: end.state,
    findings: newest('findings')?.findings ?? [],
    verdict: newest('verdict')?.verdict,
    events: updates.flatMap((u) => (u.kind === 'event' ? [{ step: u.event.step, text: u.event.text.en }] : [])),
    isCut
  }
}

const isFault = (f: Finding): boolean => f.severity === 'bad' || f.severity === 'warn'
/** Whether anything is wrong: a fault, or a loss that has gone up or does not come down. */
const isIll = ({ findings, verdict }: Diagnosis): boolean =>
  findings.some(isFault) || verdict?.state === 'diverged' || verdict?.state === 'notLearning'

const shown = ({ file, line }: CodeLine): string => {
  const near = relative(process.cwd(), file)
  return `${near && !near.startsWith('..') ? near : file}:${line}`
}
const codeOf = (schema: RunSchema, id: string): CodeLine | undefined =>
  schema.layers.find((l) => l.id === id)?.recorded?.code

function textOf(d: Diagnosis, path: string): string {
  const { recording, versions, layers } = d.schema
  const [framework] = Object.entries(versions)
  const out = [
    `${path}: ${recording!.model}, ${recording!.optimizer}, ${framework!.join(' ')} on ${recording!.device}; ${counted(layers.length, 'module')}, ${counted(d.steps, 'step')}, ${counted(d.frames, 'frame')}${d.isCut ? ' (the end is missing)' : ''}`
  ]
  if (d.verdict) out.push(`${VERDICTS[d.verdict.state].en}: ${d.verdict.text.en}`)
  for (const f of d.findings) {
    out.push('', `${f.severity.toUpperCase()}  ${kindName(f.kind).en}, steps ${f.from} to ${f.to}`, `  ${f.text.en}`)
    for (const id of f.layers.slice(0, MOST_LISTED)) {
      const code = codeOf(d.schema, id)
      if (code) out.push(`  ${id}  ${shown(code)}  ${code.text}`)
    }
    if (f.layers.length > MOST_LISTED) out.push(`  … and ${f.layers.length - MOST_LISTED} more`)
    const names = f.advice.flatMap((id) => remedies.find(id)?.name.en ?? [])
    if (names.length) out.push(`  Try: ${names.join('; ')}`)
    // Those of remedies are many lines; the window shows them.
    for (const { where, at, lines } of changesFor({ ...f, advice: [] }, d.schema))
      out.push(`  Add ${where.en}${at ? ` (${shown(at)})` : ''}:`, ...lines.map((line) => `    ${line}`))
  }
  const { step } = recording!
  if (step && d.findings.some(isFault)) out.push('', `The optimizer steps at ${shown(step)}  ${step.text}`)
  for (const e of d.events) out.push('', `Step ${e.step}: ${e.text}`)
  return `${out.join('\n')}\n`
}
/** Numbers that JSON does not have are written as their names. */
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

function jsonOf(d: Diagnosis): string {
  const { schema, findings, verdict } = d
  return JSON.stringify(
    {
      healthy: !isIll(d),
      recording: schema.recording,
      versions: schema.versions,
      modules: schema.layers.length,
      parameters: schema.paramCount,
      steps: d.steps,
      frames: d.frames,
      state: d.state,
      endIsMissing: d.isCut,
      verdict,
      findings: findings.map((f) => ({
        ...f,
        modules: f.layers.map((id) => ({ name: id, ...codeOf(schema, id) }))
      })),
      events: d.events
    },
    plain,
    2
  )
}

/**
 * `clinic diagnose RECORDING`: what is wrong with a training that `gradient_clinic` recorded.
 * @returns 0 when nothing is wrong, 1 when something is
 * @throws InputError for a file that is no recording, or a damaged one
 */
export function diagnose(args: readonly string[], console: Console): number {
  const { rest, given } = parseArguments(args, [], ['--json'])
  if (rest.length !== 1) throw bad('RECORDING', 'name one file that ends with .gcrec', '请指定一个以 .gcrec 结尾的文件')
  const d = read(rest[0]!)
  console.out(given.has('--json') ? `${jsonOf(d)}\n` : textOf(d, rest[0]!))
  return isIll(d) ? 1 : 0
}
