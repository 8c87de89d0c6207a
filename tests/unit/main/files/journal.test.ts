import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Problem } from '@shared/base/problems'
import { parseExperiment } from '@shared/experiment'
import { decodeProject } from '@shared/project'
import type { Outline } from '@shared/project/types'
import { briefOf } from '@shared/run/brief'
import { RunLog, START } from '@shared/run/runLog'
import { isLive } from '@shared/run/state'
import type { RunRecord } from '@shared/run/types'
import { Keeper } from '../../../../src/main/files/journal'
import { Journal } from '../../../../src/main/files/journal/journal'
import { frame, readFrames } from '../../../../src/main/files/journal/framing'
import { readJournal } from '../../../../src/main/files/journal/read'
import { heldBy } from '../../../../src/main/files/held'
import { ProjectFiles } from '../../../../src/main/files/projects'
import { RecoveredFiles } from '../../../../src/main/files/recovered'
import { sampleProject } from '../../shared/project/sample'

vi.mock('../../../../src/main/log', () => ({ log: vi.fn() }))

let dir: string
const keepers: Keeper[] = []
beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'clinic-journal-'))
})
afterEach(async () => {
  for (const k of keepers.splice(0)) {
    k.discard()
    await k.close()
  }
  await fs.rm(dir, { recursive: true, force: true })
})
const keeper = (session: string, options = {}): Keeper => {
  const made = new Keeper(dir, { interval: 5, retry: 20, ...options }, session)
  keepers.push(made)
  return made
}
const others = (): RecoveredFiles => new RecoveredFiles(dir, () => false)
const outline = (more: Partial<Outline> = {}): Outline => ({ ...sampleProject(), key: 'p', ...more })
/** Everything of the only journal there is. */
const taken = async () => {
  const [work] = await others().list()
  return { id: work!.id, ...(await readJournal(join(dir, work!.id))) }
}
/** A run as whoever hears all of its updates has it, after the app has ended. */
function told(run: RunRecord): RunRecord {
  const { id, name, experiment, createdAt, seconds, continuedFrom } = run
  const log = new RunLog({
    id,
    name,
    experiment,
    createdAt,
    ...(seconds && { seconds }),
    ...(continuedFrom && { continuedFrom })
  })
  for (const update of RunLog.from(run).since(START).updates) log.apply(update)
  const { state, step, steps } = log.progress
  return {
    ...log.toRecord(),
    ...(isLive(state) && { progress: { state: 'stopped', step, steps, interrupted: true } as const })
  }
}
const columns = [{ layer: 0, statistic: 'activationGradientRms' }]
const layer = {
  index: 0,
  id: 'a',
  node: 'a',
  kind: 'dense',
  name: 'a',
  outputShape: [3],
  paramCount: 3,
  main: true,
  inputs: []
}
/** A run that is going on. */
function going(id = 'run-1', steps = 3): RunLog {
  const experiment = parseExperiment({})
  const log = new RunLog({ id, name: id, experiment, createdAt: '' })
  const { schema } = sampleProject().runs[0]!
  log.apply({
    kind: 'schema',
    schema: { ...schema!, layers: [layer], columns, scalars: ['loss'] }
  })
  grow(log, 0, steps)
  return log
}
function grow(log: RunLog, from: number, count: number): void {
  const steps = Int32Array.from({ length: count }, (_, i) => from + i)
  const values = Float32Array.from(steps, (s) => (s % 5 === 4 ? NaN : s / 7))
  log.apply({ kind: 'frames', frames: { steps, values, scalars: values.slice() } })
  log.apply({ kind: 'progress', progress: { state: 'running', step: from + count, steps: 1000 } })
}
function keep(log: RunLog, step: number, kept: number[], n = 4): void {
  const values = Float32Array.from({ length: n }, (_, i) => step + i / 3)
  log.apply({
    kind: 'checkpoint',
    checkpoint: { step, drawn: step * 8, variables: [{ name: 'a/kernel', shape: [n] }], values },
    kept
  })
}
const runFile = async (): Promise<string> => {
  const [folder] = (await fs.readdir(dir)).filter((n) => n.startsWith('open-'))
  return join(dir, folder!, 'run-1.run')
}

describe('records', () => {
  it('come back bit for bit, NaN, ±Inf and −0 included', () => {
    const value = { a: Float32Array.of(NaN, -Infinity, -0), b: ['作业', null] }
    expect(readFrames(Buffer.concat([frame(value), frame(1)]))).toEqual({ values: [value, 1], unread: 0 })
  })
  it('that are cut off or damaged end the file, and those before them are read', () => {
    const whole = Buffer.concat([frame('one'), frame('two'), frame('three')])
    const last = whole.length - frame('three').length
    for (let n = last; n < whole.length; n++)
      expect(readFrames(whole.subarray(0, n))).toEqual({ values: ['one', 'two'], unread: n - last })
    for (let at = last; at < whole.length; at++) {
      const bad = Buffer.from(whole)
      bad[at]! ^= 1
      expect(readFrames(bad)).toEqual({ values: ['one', 'two'], unread: whole.length - last })
    }
  })
  it('that are whole, but in no form that is known here, end the file, too', () => {
    const body = Buffer.from('\u0004\0\0\0none')
    const header = Buffer.alloc(4)
    header.writeUInt32LE(body.length)
    const check = createHash('sha256').update(body).digest().subarray(0, 8)
    const bytes = Buffer.concat([frame('one'), header, check, body, frame('three')])
    expect(readFrames(bytes)).toEqual({ values: ['one'], unread: bytes.length - frame('one').length })
  })
})

describe('a project that was sent with runs in brief', () => {
  const sent = (...logs: RunLog[]) => ({ ...sampleProject(), runs: logs.map(briefOf) })
  it('is made whole of the runs that the host has', () => {
    const k = keeper('1')
    const log = going()
    k.follow(log)
    const window = going()
    grow(log, 3, 2)
    expect(k.complete(sent(window))!.project).toEqual({ ...sampleProject(), runs: [window.toRecord()] })
    expect(k.complete(sent(log))!.project.runs).toEqual([log.toRecord()])
  })
  it('is not made whole of a run that differs, is further there, or was dropped', () => {
    const k = keeper('1')
    const log = going()
    k.follow(log)
    const other = going('run-1', 2)
    other.apply({
      kind: 'frames',
      frames: { steps: Int32Array.of(2), values: Float32Array.of(9), scalars: Float32Array.of(9) }
    })
    expect(k.complete(sent(other))).toBeUndefined()
    expect(k.complete(sent(going('run-1', 4)))).toBeUndefined()
    expect(k.complete(sent(log, going('run-2')))).toBeUndefined()
    expect(k.complete(sent(log))).toBeDefined()
    k.drop('run-1')
    expect(k.complete(sent(log))).toBeUndefined()
  })
  it('takes from the disk what is there alone, if it is the same', async () => {
    const k = keeper('1')
    const file = join(dir, 'p.gclinic')
    const { runs } = sampleProject()
    const opened = RunLog.from(runs[0]!)
    k.offer(runs)
    k.changed(outline(), false, null)
    expect(k.complete(sent(opened))!.project.runs).toEqual([opened.toRecord()])
    await k.flush()
    const known = k.complete(sent(opened))!
    expect(known.project.runs).toEqual([briefOf(opened)])
    const files = new ProjectFiles()
    expect(heldBy(known.project)).toEqual(heldBy({ runs: [opened.toRecord()] }))
    expect(await files.save(known.project, file, { journal: known.journal })).toEqual({ ok: true, path: file })
    expect(decodeProject(await fs.readFile(file)).runs).toEqual([opened.toRecord()])

    const changed = structuredClone(runs[0]!)
    changed.frames.values[0] = 7
    const refused = { ok: false, canceled: true, path: file, wantsWhole: true }
    expect(await files.save(sent(RunLog.from(changed)), file, { journal: known.journal })).toEqual(refused)
    // Another one of the same name, and none.
    await fs.rm(join(known.journal, `${opened.head.id}.run`))
    expect(await files.save(known.project, file, { journal: known.journal })).toEqual(refused)
    expect(await files.save(known.project, file)).toEqual(refused)
    expect(decodeProject(await fs.readFile(file)).runs).toEqual([opened.toRecord()])
    expect((await fs.readdir(dir)).filter((n) => n.endsWith('.tmp'))).toEqual([])
  })
})

describe('a journal', () => {
  it('gives back the whole project: experiments, files, runs and checkpoints', async () => {
    const k = keeper('1')
    const project = sampleProject()
    expect(k.changed(outline(), true, '/a/p.gclinic')).toEqual([])
    await k.flush()
    const { lacks, path, ...read } = await taken()
    expect(read.project).toEqual({ ...project, runs: project.runs.map(told) })
    expect([lacks, path]).toEqual([[], '/a/p.gclinic'])
  })
  it('asks for the runs that main has nothing of, once', async () => {
    const k = keeper('1')
    const { runs } = sampleProject()
    const stubs = runs.map(({ id, name }) => ({ id, name }))
    expect(k.changed(outline({ runs: stubs }), true, null)).toEqual(stubs.map((s) => s.id))
    expect(k.changed(outline(), true, null)).toEqual([])
    expect(k.changed(outline({ runs: stubs }), true, null)).toEqual([])
    const opened = keeper('2')
    opened.offer(runs)
    expect(opened.changed(outline({ runs: stubs }), true, null)).toEqual([])
  })
  it('has a run in progress without a window, and it comes back interrupted', async () => {
    const k = keeper('1')
    const log = going()
    k.follow(log)
    keep(log, 2, [2])
    grow(log, 3, 4)
    await k.flush()
    const { project, lacks } = await taken()
    expect(lacks.map((l) => l.path)).toEqual(['project.json'])
    const [run] = project.runs
    expect(run!.progress).toEqual({ state: 'stopped', step: 7, steps: 1000, interrupted: true })
    expect(run!.frames).toEqual(log.toRecord().frames)
    expect(run!.checkpoints).toEqual(log.toRecord().checkpoints)
    expect(project.experiments).toHaveLength(1)
  })
  it('writes only what is new', async () => {
    const k = keeper('1')
    const log = going('run-1', 200)
    k.follow(log)
    k.changed(outline({ runs: [{ id: 'run-1', name: 'run-1' }] }), true, null)
    await k.flush()
    const before = await fs.readFile(await runFile())
    grow(log, 200, 1)
    k.grown()
    await k.flush()
    const after = await fs.readFile(await runFile())
    expect(after.subarray(0, before.length)).toEqual(before)
    expect(after.length - before.length).toBeLessThan(1500)
    k.changed(outline({ name: 'renamed', runs: [{ id: 'run-1', name: 'mine' }] }), true, null)
    await k.flush()
    expect((await fs.readFile(await runFile())).length).toBe(after.length)
    const { project } = await taken()
    expect([project.name, project.runs[0]!.name]).toEqual(['renamed', 'mine'])
  })
  it('loses the last, torn record at most', async () => {
    const k = keeper('1')
    const log = going()
    k.follow(log)
    await k.flush()
    const first = (await fs.readFile(await runFile())).length
    grow(log, 3, 5)
    k.grown()
    await k.flush()
    const whole = await fs.readFile(await runFile())
    for (let n = first; n < whole.length; n += 7) {
      await fs.writeFile(await runFile(), whole.subarray(0, n))
      const { project, lacks } = await taken()
      expect(project.runs[0]!.frames.steps.length).toBeGreaterThanOrEqual(3)
      expect(lacks.some((l) => /^what was recorded after step \d+ can’t be read/.test(l.message.en))).toBe(n > first)
    }
  })
  it('names a run of which a part in the middle is damaged', async () => {
    const k = keeper('1')
    const log = going()
    k.follow(log)
    for (const from of [3, 6, 9]) {
      await k.flush()
      grow(log, from, 3)
      k.grown()
    }
    await k.flush()
    const whole = await fs.readFile(await runFile())
    let least = Infinity
    for (let at = 0; at < whole.length; at += 97) {
      const bad = Buffer.from(whole)
      bad[at]! ^= 0xff
      await fs.writeFile(await runFile(), bad)
      const { lacks, project } = await taken().catch(() => ({
        lacks: [{ message: { en: 'can’t be read' } }],
        project: { runs: [] as RunRecord[] }
      }))
      least = Math.min(least, project.runs[0]?.frames.steps.length ?? 0)
      expect(lacks.map((l) => l.message.en).join()).toMatch(/can’t be read/)
    }
    expect(least).toBe(0)
  })
  it('of a newer program is named and kept, and one of an earlier one is read', async () => {
    const k = keeper('1')
    k.changed(outline(), true, null)
    await k.flush()
    const { id, project } = await taken()
    const path = join(dir, id, 'project.json')
    const { version, ...document } = JSON.parse(await fs.readFile(path, 'utf8')) as Record<string, unknown>
    await fs.writeFile(path, JSON.stringify(document))
    expect((await taken()).project).toEqual(project)
    // What a newer program means by “saved” is not known here either.
    await fs.writeFile(path, JSON.stringify({ ...document, version: Number(version) + 1, dirty: false }))
    const [work] = await others().list()
    expect(work!.problems![0]!.message.en).toMatch(/newer Gradient Clinic.*update the program/)
    expect(await others().take(id)).toMatchObject({ ok: false, problems: [{ path: 'version' }] })
  })
  it('never takes the folder of an earlier session, whatever the clock says', async () => {
    const first = keeper('same')
    first.changed(outline({ name: 'first' }), true, null)
    await first.flush()
    const second = keeper('same')
    second.changed(outline({ name: 'second' }), true, null)
    await second.flush()
    expect((await others().list()).map((w) => w.name).sort()).toEqual(['first', 'second'])
  })
  it('of a run that has begun since all was saved is work', async () => {
    const k = keeper('1')
    k.changed(outline({ runs: [] }), false, '/a.gclinic')
    await k.flush()
    expect(await others().list()).toEqual([])
    k.changed(outline({ runs: [] }), false, '/a.gclinic')
    k.follow(going('begun'))
    await k.flush()
    const [folder] = await fs.readdir(dir)
    const path = join(dir, folder!, 'project.json')
    const document = JSON.parse(await fs.readFile(path, 'utf8')) as Record<string, unknown>
    await fs.writeFile(path, JSON.stringify({ ...document, dirty: false, runs: [] }))
    await fs.utimes(path, new Date(0), new Date(0))
    expect(await others().list()).toMatchObject([{ runs: 1 }])
  })
  it('beside what is no journal is listed all the same', async () => {
    const k = keeper('1')
    k.changed(outline(), true, null)
    await k.flush()
    await fs.writeFile(join(dir, 'open-file'), 'x')
    const { id } = (await others().list()).find((w) => !w.problems)!
    await fs.symlink('nowhere', join(dir, id, 'none.run'))
    const all = await others().list()
    expect(all.map((w) => [w.id, !!w.problems]).sort()).toEqual(
      [
        ['open-file', true],
        [id, false]
      ].sort()
    )
    expect((await readJournal(join(dir, id))).lacks.map((l) => l.path)).toEqual(['none'])
  })
  it('tells what the project’s file held', async () => {
    const k = keeper('1')
    k.changed(outline(), true, '/a.gclinic', 'abc')
    await k.flush()
    expect(await taken()).toMatchObject({ path: '/a.gclinic', sum: 'abc' })
  })
  it('keeps the checkpoints that the run keeps, and names one that is damaged', async () => {
    const k = keeper('1')
    const log = going()
    k.follow(log)
    keep(log, 1, [1])
    await k.flush()
    keep(log, 2, [1, 2])
    keep(log, 3, [2, 3])
    k.grown()
    await k.flush()
    const folder = join(await runFile(), '..')
    expect((await fs.readdir(folder)).filter((n) => n.endsWith('.checkpoint')).sort()).toEqual([
      'run-1-2.checkpoint',
      'run-1-3.checkpoint'
    ])
    expect((await taken()).project.runs[0]!.checkpoints!.map((c) => c.step)).toEqual([2, 3])
    await fs.truncate(join(folder, 'run-1-3.checkpoint'), 20)
    const { project, lacks } = await taken()
    expect(project.runs[0]!.checkpoints!.map((c) => c.step)).toEqual([2])
    expect(lacks.map((l) => l.message.en)).toContain('lacks what was kept at step 3')
  })
  it('is written while changes go on without a pause', async () => {
    const k = keeper('1', { interval: 100 })
    const timer = setInterval(() => k.changed(outline(), true, null), 5)
    await vi.waitFor(async () => expect(await others().list()).toHaveLength(1))
    clearInterval(timer)
  })
  it('is gone on with in its folder by the session that takes it up', async () => {
    const first = keeper('1')
    first.changed(outline(), true, null)
    await first.flush()
    const { id, project } = await taken()
    const before = await fs.stat(join(dir, id, `${project.runs[0]!.id}.run`))
    const second = keeper('2')
    second.changed(outline({ key: 'fresh', runs: [] }), false, null)
    second.adopt(
      id,
      project.runs.map((r) => r.id)
    )
    const stubs = project.runs.map((r) => ({ id: r.id, name: r.name }))
    expect(second.changed(outline({ key: id, replaces: 'fresh', runs: stubs }), true, null)).toEqual([])
    await second.flush()
    expect((await fs.readdir(dir)).sort()).toEqual([id])
    expect((await fs.stat(join(dir, id, `${project.runs[0]!.id}.run`))).mtimeMs).toBe(before.mtimeMs)
    expect((await taken()).project.runs).toEqual(project.runs)
    expect((await second.onScreen())!.project.runs).toEqual(project.runs)
  })
  it('has the search for the cure for a window that was reloaded', async () => {
    const one = keeper('1')
    const search = { id: 'search-1', state: 'done' } as never
    one.changed(outline({ search }), true, null)
    expect((await one.onScreen())!.project.search).toEqual(search)
  })
  it('keeps the search for the cure, what it has trained included, and names one that is damaged', async () => {
    const { experiments } = sampleProject()
    const info = { inputShape: [2], targetShape: [1], task: 'regression', count: 3 } as const
    const order = {
      experiment: experiments[0]!,
      info,
      goal: { metric: 'loss', better: 'lower' },
      seeds: [1],
      budget: {}
    }
    const search = { id: 'search-1', order: { ...order, pairs: 3 }, state: 'running', time: 5, kept: [], ongoing: [] }
    const one = keeper('1')
    one.changed(outline({ search: search as never }), true, null)
    await one.flush()
    const { id, project, lacks } = await taken()
    expect(project.search).toEqual(search)
    expect(lacks).toEqual([])
    await fs.writeFile(join(dir, id, 'search.json'), '{')
    const damaged = await taken()
    expect(damaged.project.runs).toHaveLength(2)
    expect(damaged.lacks[0]!.message.en).toMatch(/the search for a cure is missing/)
    one.changed(outline(), true, null)
    await one.flush()
    expect((await taken()).lacks).toEqual([])
  })
  it('never names a run that has no file: not one that has just begun, nor one that was removed', async () => {
    const one = keeper('1', { interval: 1e6 })
    one.changed(outline({ runs: [] }), true, null)
    await one.flush()
    const { id } = await taken()
    const stubs = ['run-8', 'run-9'].map((run) => ({ id: run, name: run }))
    for (const stub of stubs) one.follow(going(stub.id))
    one.changed(outline({ runs: stubs }), true, null)
    // The run's file is the older one when it comes, and the younger change when it goes.
    await one.flush()
    const time = async (name: string): Promise<bigint> => (await fs.stat(join(dir, id, name), { bigint: true })).ctimeNs
    expect(await time('run-9.run')).toBeLessThanOrEqual(await time('project.json'))
    one.drop('run-8')
    await one.flush()
    const { runs } = JSON.parse(await fs.readFile(join(dir, id, 'project.json'), 'utf8')) as Outline
    expect(runs.map((r) => r.id)).toEqual(['run-9'])
    expect(await fs.readdir(join(dir, id))).not.toContain('run-8.run')
    expect((await taken()).project.runs.map((r: RunRecord) => r.id)).toEqual(['run-9'])
  })
  it('is written anew when something has removed its folder, and asks for what the window alone has', async () => {
    let asked = 0
    const one = keeper('1', { onLost: () => asked++ })
    one.follow(going('run-9'))
    const [first, second] = sampleProject().runs
    const stub = { id: 'run-9', name: 'run-9' }
    one.changed(outline({ runs: [first!, second!, stub] }), true, null)
    await one.flush()
    const { id } = await taken()
    await fs.rm(join(dir, id), { recursive: true })
    const names = [first!, second!].map((r) => ({ id: r.id, name: r.name }))
    expect(one.changed(outline({ runs: [...names, stub] }), true, null)).toEqual([])
    await one.flush()
    expect(asked).toBe(1)
    const missing = one.changed(outline({ runs: [...names, stub] }), true, null)
    // The second had not ended, so that main has it still.
    expect(missing).toEqual([first!.id])
    one.changed(outline({ runs: [first!, names[1]!, stub] }), true, null)
    await one.flush()
    const { project, lacks } = await taken()
    expect(lacks).toEqual([])
    expect(project.runs.slice(0, 2)).toEqual([first, second].map((r) => told(r!)))
    expect(project.runs.map((r) => r.frames.steps.length)).toEqual([3, second!.frames.steps.length, 3])
  })
  it('goes when everything is saved, when it is discarded, and when another project replaces it', async () => {
    const saved = keeper('1')
    saved.changed(outline(), true, null)
    await saved.flush()
    saved.changed(outline(), false, null)
    await saved.close()
    const discarded = keeper('2')
    discarded.changed(outline(), true, null)
    await discarded.flush()
    discarded.discard()
    discarded.changed(outline(), true, null)
    await discarded.close()
    expect(await fs.readdir(dir)).toEqual([])
    const replaced = keeper('3')
    replaced.changed(outline(), true, null)
    await replaced.flush()
    replaced.changed(outline({ key: 'q', replaces: 'p', runs: [] }), false, null)
    await replaced.flush()
    expect(await others().list()).toEqual([])
  })
  it('stays when another project comes without a word about it', async () => {
    const k = keeper('1')
    k.changed(outline(), true, null)
    k.changed(outline({ key: 'q', runs: [] }), false, null)
    await k.flush()
    expect((await taken()).project.runs).toHaveLength(sampleProject().runs.length)
  })
  it('of a session in which all was saved is no work, whatever ended it', async () => {
    const k = keeper('1')
    k.changed(outline(), false, '/a.gclinic')
    await k.flush()
    expect(await others().list()).toEqual([])
  })
  it('keeps the order of the runs, and those that the window had not told of come last', async () => {
    const k = keeper('1')
    for (const id of ['b', 'a', 'c']) k.follow(going(id))
    k.changed(outline({ runs: ['a', 'b'].map((id) => ({ id, name: id })) }), true, null)
    await k.flush()
    expect((await taken()).project.runs.map((r: RunRecord) => r.id)).toEqual(['a', 'b', 'c'])
  })
  it('that can’t be written is told, tried again, and then complete', async () => {
    const told: (Problem[] | null)[] = []
    await fs.rm(dir, { recursive: true })
    await fs.writeFile(dir, 'not a folder')
    const k = keeper('1', { onState: (p: Problem[] | null) => told.push(p) })
    k.follow(going('run-3'))
    k.changed(outline(), true, null)
    await vi.waitFor(() => expect(told).toHaveLength(1))
    expect(told[0]![0]!.message.en).toMatch(/can’t be written/)
    await fs.rm(dir)
    await fs.mkdir(dir)
    await vi.waitFor(() => expect(told).toEqual([expect.anything(), null]))
    expect((await taken()).project.runs).toHaveLength(sampleProject().runs.length + 1)
  })
  it('whose disk gives no answer is told, and again when it does', async () => {
    const told: (Problem[] | null)[] = []
    let answer: ((isLost: boolean) => void) | undefined
    const write = vi.spyOn(Journal.prototype, 'write')
    write.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)))
    const k = keeper('1', { patience: 5, onState: (p: Problem[] | null) => told.push(p) })
    k.changed(outline(), true, null)
    await vi.waitFor(() => expect(told).toHaveLength(1))
    expect(told[0]![0]!.message.en).toMatch(/can’t be written: its disk gives no answer/)
    answer!(false)
    await vi.waitFor(() => expect(told).toEqual([expect.anything(), null]))
    write.mockRestore()
    await k.flush()
    expect((await taken()).project.name).toBe(outline().name)
  })
  it('goes on at the same place after a write that fell short', async () => {
    const k = keeper('1', { retry: 1e6 })
    const log = going()
    k.follow(log)
    await k.flush()
    const path = await runFile()
    const whole = await fs.readFile(path)
    // What a full disk leaves of a record.
    await fs.appendFile(path, frame('torn').subarray(0, 9))
    grow(log, 3, 5)
    k.grown()
    await k.flush()
    expect((await fs.readFile(path)).subarray(0, whole.length)).toEqual(whole)
    expect((await taken()).project.runs[0]!.frames).toEqual(log.toRecord().frames)
  })
  it('of which nothing can be read is named, and kept', async () => {
    const folder = join(dir, 'open-x-1')
    await fs.mkdir(folder)
    await fs.writeFile(join(folder, 'project.json'), '{"name": ')
    expect(await others().list()).toMatchObject([{ id: 'open-x-1', file: folder, problems: [{}] }])
    expect(await fs.readdir(folder)).toEqual(['project.json'])
  })
})
