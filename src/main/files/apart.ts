import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { app } from 'electron'
import { errorFromData, TextError, type ErrorData } from '@shared/ipc/errors'
import type { ModelRequest, OpenedModel } from '@shared/ipc/model'
import type { SentProject } from '@shared/project/types'
import type { Text } from '@shared/base/text'
import { end, fork } from '../fork'
import { log } from '../log'
import { OPENER, READER } from '../paths'
import { answered, type Asked } from './patience'
import { OPENING, type Readers } from './read'
import { SAVING } from './safeWrite'
import { writeProject, type WriteProject } from './write'

const SERVICE = 'Gradient Clinic files'
const MB = 2 ** 20
/** What reading may take: a base, and more for larger files. */
const memoryFor = (bytes: number): number => 1536 * MB + 6 * bytes
const millisecondsFor = (bytes: number): number => 20_000 + bytes / 2000
/** Milliseconds that loading TensorFlow may take besides. */
const LOADING = 60_000
const LOOK = 250

type Ended = (path: string, why: Text) => TextError
const notOpened: Ended = (path, why) =>
  new TextError({
    en: `${basename(path)} could not be opened: ${why.en}. It is damaged, or made to do harm. Nothing else was touched; an earlier version may lie beside it, with .bak at the end of its name`,
    zh: `${basename(path)} 无法打开：${why.zh}。文件已损坏，或意图不良。其他内容未受影响；旁边可能有以 .bak 结尾的较早版本`
  })
const notSaved: Ended = (path, why) =>
  new TextError({
    en: `${basename(path)} could not be saved: ${why.en}. The file is as it was; try again, or save under another name`,
    zh: `${basename(path)} 无法保存：${why.zh}。文件保持原样；请重试，或另存为其他名称`
  })

/** How a process of its own reads or writes. */
interface Options {
  file?: string
  /** Bytes that it is sent. */
  given?: number
  /** The error when it gives no answer. */
  ended?: Ended
  /** What it does, and what is said where the disk does not answer. */
  doing?: Pick<Asked, 'said' | 'doing'>
}
const READING = { said: OPENING, doing: 'read' } as const
const WRITING = { said: SAVING, doing: 'write' } as const

/** Reads or writes in a process of its own, with bounded memory and time. */
async function ask(
  paths: readonly string[],
  question: object,
  { file = READER, given = 0, ended = notOpened, doing = READING }: Options = {}
): Promise<unknown> {
  const path = paths[0]!
  const sizes = await Promise.all(
    paths.map((p) =>
      answered({ path: p, ...doing }, () =>
        stat(p).then(
          ({ size }) => size,
          () => 0
        )
      )
    )
  )
  const bytes = sizes.reduce((a, b) => a + b, given)
  const child = fork(file, SERVICE)
  child.stdout?.resume()
  child.stderr?.resume()
  let watch: ReturnType<typeof setInterval> | undefined
  let late: ReturnType<typeof setTimeout> | undefined
  let hasAnswered = false
  try {
    const answer = await new Promise<{ value?: unknown; error?: ErrorData }>((resolve, reject) => {
      const fail = (why: Text): void => {
        // The process is ended once it has answered, which is no failure.
        if (hasAnswered) return
        log('error', SERVICE, path, 'failed:', why.en)
        reject(ended(path, why))
      }
      child.once('message', (message: { value?: unknown; error?: ErrorData }) => {
        hasAnswered = true
        resolve(message)
      })
      child.once('exit', () => fail({ en: 'its process has crashed', zh: '处理它的进程已崩溃' }))
      child.once('spawn', () => child.postMessage({ paths: [...paths], ...question }))
      const limit = millisecondsFor(bytes) + (file === OPENER ? LOADING : 0)
      late = setTimeout(() => fail({ en: 'it took too long', zh: '用时过长' }), limit)
      watch = setInterval(() => {
        const used = app.getAppMetrics().find(({ pid }) => pid === child.pid)?.memory.workingSetSize ?? 0
        if (used * 1024 > memoryFor(bytes)) fail({ en: 'it took too much memory', zh: '占用的内存过多' })
      }, LOOK)
    })
    if (answer.error) throw errorFromData(answer.error)
    return answer.value
  } finally {
    clearInterval(watch)
    clearTimeout(late)
    end(child)
  }
}

/** The readers, each call in a process of its own. */
export const apart = {
  project: (paths) => ask(paths, { kind: 'project' }),
  table: (paths) => ask(paths, { kind: 'table' }),
  binary: (paths) => ask(paths, { kind: 'binary' })
} as { [K in keyof Readers]: (paths: readonly string[]) => ReturnType<Readers[K]> }

/**
 * Opens a model of another program, in a process of its own.
 * @param path of the file, or the name of one that was dropped. @param bytes of the latter
 */
export const openModelApart = (path: string, request: ModelRequest, bytes?: Uint8Array): Promise<OpenedModel> =>
  ask(
    [path],
    { ...request, ...(bytes && { bytes }) },
    { file: OPENER, given: bytes?.length ?? 0 }
  ) as Promise<OpenedModel>

/** Bytes of runs and files from which a project is written in a process of its own. The start of one takes as long. */
const LARGE = 4 * MB
const sizeOf = ({ runs, files }: SentProject): number =>
  runs.reduce(
    (bytes, run) =>
      bytes +
      ('marks' in run
        ? 4 * run.marks.checkpoints.reduce((n, [, , length]) => n + length, run.marks.numbers)
        : (run.checkpoints ?? []).reduce((n, c) => n + c.values.byteLength, run.frames.values.byteLength)),
    Object.values(files).reduce((bytes, content) => bytes + content.length, 0)
  )
/** Writes a project; a large one in a process of its own, so that the window stays free. */
export const writeApart: WriteProject = (project, path, backup, journal) => {
  const given = sizeOf(project)
  if (given < LARGE)
    return answered({ path, ...WRITING, bytes: given }, () => writeProject(project, path, backup, journal))
  const options = { given, ended: notSaved, doing: WRITING }
  return ask([path], { kind: 'save', project, backup, journal }, options) as Promise<string>
}
