import { ref, toRaw, watch, type Ref, type ShallowRef } from 'vue'
import { clone } from '@shared/base/clone'
import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import type { Outline, Project, SentProject } from '@shared/project/types'
import type { BriefRun } from '@shared/run/brief'
import type { RunRecord } from '@shared/run/types'
import { isActive, useRuns } from '../runs'
import { isSmall } from '@shared/cure/small'
import { useSearch } from '../search'
import { useUi } from '../ui'
import { entryOf, type Entries } from './entries'
import type { InView } from './inView'

/** The project as a file: what is written, what is read, and the backup of what is not saved yet. */
export interface File {
  name: Ref<string>
  path: Ref<string | null>
  toProject(): Project
  /** The same with the runs in brief. */
  toBrief(): SentProject
  /** Replaces everything by a project that was read. */
  /** @param key under which main has it already, if it has */
  load(project: Project, from: string | null, key?: string): void
  /** Replaces everything by one experiment. */
  fresh(first: Experiment): void
  /** Tells main at once what it backs up, and whether that is saved. */
  tellNow(): Promise<void>
}
/** Milliseconds between two messages that tell main of changes. */
const TELL = 300

const newKey = (): string => `project-${[...crypto.getRandomValues(new Uint32Array(3))].join('-')}`
/** Without the proxies of the store. */
const plainRun = <R extends RunRecord | BriefRun>(r: R): R => ({
  ...r,
  experiment: clone(r.experiment),
  progress: clone(r.progress)
})

/** @param files the attached files, by name */
export function makeFile(
  { history, experiments, current, edited, dirty, revision }: Entries,
  inView: InView,
  files: ShallowRef<Attachments>
): File {
  const runs = useRuns()
  const ui = useUi()
  const search = useSearch()
  const name = ref('')
  const path = ref<string | null>(null)
  let extra: Project['extra']

  let key = newKey()
  let replaces: string | undefined
  /** What main has been told of the attached files. */
  let toldFiles: Attachments | undefined
  function rekey(next = newKey()): void {
    if (next === key) return
    replaces = key
    key = next
    toldFiles = undefined
  }

  const bare = (): Omit<Project, 'runs' | 'files'> => ({
    format: 'gradient-clinic/project',
    version: 1,
    name: name.value || edited.value.name,
    experiments: clone(experiments.value),
    current: current.value,
    ...(search.state && { search: toRaw(search.state) }),
    ...(extra ? { extra: clone(extra) } : {})
  })
  const toProject = (): Project => ({
    ...bare(),
    runs: runs.toRecords().map(plainRun),
    files: { ...files.value }
  })
  const toBrief = (): SentProject => ({
    ...bare(),
    runs: runs.toBriefs().map(plainRun),
    files: { ...files.value }
  })
  function forgetRuns(): void {
    runs.clear()
    inView.forget()
  }
  function load(project: Project, from: string | null, as?: string): void {
    rekey(as)
    ui.select()
    ui.previewRemedy = null
    files.value = { ...project.files }
    extra = project.extra
    name.value = project.name
    path.value = from
    forgetRuns()
    history.reset({
      entries: project.experiments.map(entryOf),
      current: Math.min(project.current, project.experiments.length - 1)
    })
    search.restore(project.search)
    runs.fromRecords(project.runs.filter((r) => r.search === undefined || isSmall(r.search) || search.keeps(r.id)))
    inView.showItsRun()
    revision.begin()
  }
  function fresh(first: Experiment): void {
    rekey()
    ui.select()
    ui.previewRemedy = null
    files.value = {}
    extra = undefined
    name.value = ''
    path.value = null
    search.restore(undefined)
    forgetRuns()
    history.reset({ entries: [entryOf(first)], current: 0 })
    revision.begin()
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let told = 0
  /** Main backs up what is not saved yet; called by itself after changes. However often they come, it is told. */
  function tell(): void {
    timer ??= setTimeout(() => void tellNow(), Math.max(0, told + TELL - performance.now()))
  }
  /** @param full ids of the runs that are sent as a whole */
  async function send(full: readonly string[]): Promise<string[]> {
    const attached = files.value
    const whole = full.length ? runs.toRecords().filter((r) => full.includes(r.id)) : []
    const outline: Outline = {
      ...bare(),
      key,
      ...(replaces !== undefined && { replaces }),
      runs: runs.toStubs().map((stub) => {
        const record = whole.find((r) => r.id === stub.id)
        return record ? plainRun(record) : stub
      }),
      ...(attached !== toldFiles && { files: { ...attached } })
    }
    const missing = await window.clinic.projectChanged(outline, dirty.value, path.value)
    toldFiles = attached
    return missing
  }
  async function tellNow(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    told = performance.now()
    try {
      const missing = await send([])
      // Such as those of a file that was opened before main began to keep it.
      if (missing?.length) await send(missing)
    } catch (e) {
      void window.clinic.log('warn', `backup: ${String(e)}`)
    }
  }
  window.clinic.on('tell', () => void tellNow())
  // What was done in the last moment before a reload is told on the way out.
  globalThis.addEventListener?.('beforeunload', () => void (timer !== undefined && tellNow()))
  // Whether the window may close unasked is told without delay.
  watch(dirty, () => void tellNow())
  // Runs that go on are work that is not saved; one that comes, goes or is named is an edit.
  runs.onNews(revision.grow)
  watch(
    () => runs.all.map((r) => `${r.id} ${r.name}`).join('\n'),
    () => (dirty.value = true),
    { flush: 'sync' }
  )
  watch(
    [
      () => history.present.value,
      files,
      name,
      path,
      dirty,
      () => runs.all.map((r) => r.id + isActive(r.progress.state)).join(),
      () => search.state?.state,
      () => search.state?.kept.length
    ],
    tell
  )

  return { name, path, toProject, toBrief, load, fresh, tellNow }
}
