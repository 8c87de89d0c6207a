import { ref, watch, type Ref, type ShallowRef } from 'vue'
import { clone } from '@shared/base/clone'
import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import type { Project } from '@shared/project/types'
import { isActive, useRuns } from '../runs'
import { useUi } from '../ui'
import { entryOf, type Entries } from './entries'
import type { InView } from './inView'

/** Finished runs go into the crash copy while they are small; saving always takes all. */
const BACKUP_BYTES = 32e6

/** The project as a file: what is written, what is read, and the backup of what is not saved yet. */
export interface File {
  name: Ref<string>
  path: Ref<string | null>
  toProject(withRuns?: boolean): Project
  /** Replaces everything by a project that was read. */
  load(project: Project, from: string | null): void
  /** Replaces everything by one experiment. */
  fresh(first: Experiment): void
  /** Tells main at once what it backs up, and whether that is saved. */
  tellNow(): Promise<void>
}
/** Milliseconds between two messages that tell main of changes. */
const TELL = 300

/** @param files the attached files, by name */
export function makeFile(
  { history, experiments, current, edited, dirty, revision }: Entries,
  inView: InView,
  files: ShallowRef<Attachments>
): File {
  const runs = useRuns()
  const ui = useUi()
  const name = ref('')
  const path = ref<string | null>(null)
  let extra: Project['extra']

  function toProject(withRuns = true): Project {
    let records = withRuns ? runs.toRecords() : []
    if (!withRuns) {
      const done = runs.runs.filter((r) => !isActive(r.progress.state))
      const bytes = done.reduce((n, r) => n + 4 * (r.frames?.length ?? 0) * (r.schema?.columns.length ?? 0), 0)
      // Without what they could be continued from: that comes back with a saved file.
      if (bytes < BACKUP_BYTES)
        records = runs
          .toRecords()
          .filter((r) => !isActive(r.progress.state))
          .map(({ checkpoints: _, ...r }) => r)
    }
    return {
      format: 'gradient-clinic/project',
      version: 1,
      name: name.value || edited.value.name,
      experiments: clone(experiments.value),
      current: current.value,
      runs: records.map((r) => ({ ...r, experiment: clone(r.experiment), progress: clone(r.progress) })),
      files: { ...files.value },
      ...(extra ? { extra: clone(extra) } : {})
    }
  }
  function forgetRuns(): void {
    runs.clear()
    inView.forget()
  }
  function load(project: Project, from: string | null): void {
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
    runs.fromRecords(project.runs)
    inView.showItsRun()
    dirty.value = false
  }
  function fresh(first: Experiment): void {
    ui.select()
    ui.previewRemedy = null
    files.value = {}
    extra = undefined
    name.value = ''
    path.value = null
    forgetRuns()
    history.reset({ entries: [entryOf(first)], current: 0 })
    dirty.value = false
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let told = 0
  /** Main backs up what is not saved yet; called by itself after changes. However often they come, it is told. */
  function tell(): void {
    timer ??= setTimeout(() => void tellNow(), Math.max(0, told + TELL - Date.now()))
  }
  async function tellNow(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    told = Date.now()
    try {
      await window.clinic.projectChanged(toProject(false), dirty.value, path.value)
    } catch (e) {
      void window.clinic.log('warn', `backup: ${String(e)}`)
    }
  }
  // What was done in the last moment before a reload is told on the way out.
  globalThis.addEventListener?.('beforeunload', () => void (timer !== undefined && tellNow()))
  // Whether the window may close unasked is told without delay.
  watch(dirty, () => void tellNow())
  // Runs that go on are work that is not saved; one that comes, goes or is named is an edit.
  runs.onNews(revision.grow)
  watch(
    () => runs.runs.map((r) => `${r.id} ${r.name}`).join('\n'),
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
      () => runs.runs.map((r) => r.id + isActive(r.progress.state)).join()
    ],
    tell
  )

  return { name, path, toProject, load, fresh, tellNow }
}
