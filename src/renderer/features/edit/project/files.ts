import { defineStore } from 'pinia'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import type { Experiment } from '@shared/experiment/types'
import type { Opened, Saved } from '@shared/ipc/app'
import { stored } from '@shared/run/checkpoints'
import { notOpened, useChooseData, type GivenFile, type GivenTable } from '@/features/edit/data/choose'
import { noTable } from '@shared/catalog/datasets/parts/tableFile'
import { isActive, useRuns } from '@/stores/runs'
import { emptyExperiment, firstExperiment, useProject } from '@/stores/project'
import { problemsOf } from '@/stores/problems'
import type { Moment } from '@/stores/project/revision'
import { useUi } from '@/stores/ui'
import { codecsReady } from '@/timing/codecs'

/**
 * New, open, save: what the menus, the keys and the start of the window share. The old project stays until the new one
 * is there.
 */
export interface FileCommands {
  /** @param first what the new project begins with; the first ready experiment unless given. */
  create(first?: Experiment): Promise<void>
  open(path: string | null): Promise<void>
  save(): Promise<boolean>
  saveAs(): Promise<boolean>
  /** The window closes when all is saved; main asks again when somebody went on editing meanwhile. */
  saveAndClose(): Promise<void>
  openCsv(): Promise<void>
  openIdx(): Promise<void>
  /** Asks for a table. @returns null where none was chosen or it could not be read, which was said then */
  pickCsv(): Promise<GivenTable | null>
  /** Asks for images and labels in the IDX format, like {@link pickCsv}. */
  pickIdx(): Promise<GivenFile[] | null>
  /** Follows the recording of a training in another program, as a run of this project. @param path null: asks which */
  openRecording(path: string | null): Promise<void>
  /**
   * Before the work on screen is replaced. @param since what there was then has been asked about: only what was edited
   * later is. @param next path of what comes in its place, where that is known. @returns whether to go on
   */
  settle(since?: Moment, next?: string | null): Promise<boolean>
}

const fileName = (path: string): string => path.replace(/^.*[\\/]/, '')
const NO_TABLE = { en: 'The table could not be opened', zh: '无法打开表格' }
const NO_FILE = { en: 'The file could not be opened', zh: '无法打开文件' }
const NO_RECORDING = { en: 'The recording could not be opened', zh: '无法打开训练记录' }

/** The project's file. Data that is opened is trained on. */
export const useFiles = defineStore('files', (): FileCommands => {
  const { takeCsv, takeIdx } = useChooseData()
  const project = useProject()
  const runs = useRuns()
  const ui = useUi()
  const clinic = window.clinic

  async function settle(since?: Moment, next?: string | null): Promise<boolean> {
    const { project: shown, edits } = project.moment()
    if (since?.project === shown && since.edits === edits) return true
    const going = runs.active.length
    // Somebody who named a file outside the window may not see why this is asked.
    const then = next
      ? { en: ` Then ${fileName(next)} is opened.`, zh: `之后将打开 ${fileName(next)}。` }
      : { en: '', zh: '' }
    // Asked again after a save during which somebody went on editing.
    for (let isChanged = project.dirty; isChanged; isChanged = project.unsavedEdits) {
      const answer = await ui.ask({
        title: { en: 'Save your changes first?', zh: '先保存修改吗？' },
        body: going
          ? {
              en: `The project has changes that are not saved, and a run is still going; it will be stopped.${then.en}`,
              zh: `项目有未保存的修改，并且仍有运行在进行；它将被停止。${then.zh}`
            }
          : {
              en: `The project has changes that are not saved.${then.en}`,
              zh: `项目有未保存的修改。${then.zh}`
            },
        buttons: [
          { id: 'discard', label: { en: 'Don’t save', zh: '不保存' } },
          { id: 'cancel', label: { en: 'Cancel', zh: '取消' } },
          { id: 'save', label: { en: 'Save', zh: '保存' }, kind: 'pri' }
        ]
      })
      if (answer !== 'save') return answer === 'discard'
      if (!(await save())) return false
    }
    return true
  }
  async function stopRuns(): Promise<void> {
    await Promise.all(
      runs.active.filter((r) => isActive(r.progress.state)).map((r) => runs.stop(r.id).catch(() => undefined))
    )
  }
  /** Sends what is on screen to be saved: in brief first, as main has most runs itself. @returns with when it was so */
  async function send(path: string | null, mayDrop?: boolean): Promise<{ result: Saved; moment: Moment }> {
    const moment = project.moment()
    const brief = project.toBrief()
    const result = await clinic.saveProject(brief, path, mayDrop)
    if (result.ok || !result.canceled || !result.wantsWhole) return { result, moment }
    // Another project may be on screen by now: its runs are others, and it is not what was to be saved.
    const all = new Map(project.toProject().runs.map((r) => [r.id, r]))
    const whole = brief.runs.flatMap(({ id }) => all.get(id) ?? [])
    if (whole.length < brief.runs.length) return { result: { ok: false, canceled: true }, moment }
    return { result: await clinic.saveProject({ ...brief, runs: whole }, result.path ?? path, mayDrop), moment }
  }
  async function write(path: string | null): Promise<boolean> {
    try {
      let { result, moment } = await send(path)
      if (!result.ok && result.canceled && result.drops) {
        const answer = await askToDrop(result.path ?? '', result.drops)
        if (answer === 'elsewhere') return await write(null)
        if (answer === 'drop') ({ result, moment } = await send(result.path ?? path, true))
      }
      if (result.ok) {
        // While it was written another project may have come on screen, which this file is not of.
        if (project.saved(moment)) {
          project.path = result.path
          await project.tellNow()
        }
        ui.toast('ok', { en: `Saved: ${result.path}`, zh: `已保存：${result.path}` })
        const { dropped } = stored(runs.all)
        if (dropped)
          ui.toast('info', {
            en: `${dropped} of the kept steps were too large for the file: runs can’t be continued from those once it is opened again.`,
            zh: `有 ${dropped} 个保存的步骤过大，未写入文件：重新打开后无法由它们继续运行。`
          })
        return true
      }
      if (!result.canceled) await ui.fail({ en: 'The project could not be saved', zh: '无法保存项目' }, result.problems)
    } catch (e) {
      await ui.fail({ en: 'The project could not be saved', zh: '无法保存项目' }, problemsOf(e))
    }
    return false
  }
  /** A save would take from the file what it holds of runs. */
  const askToDrop = (path: string, drops: Problem[]): Promise<string | null> =>
    ui.ask({
      title: { en: 'The file holds more than this project', zh: '文件中的内容比此项目更多' },
      body: {
        en: `Saved to ${path}, these would be lost from it:`,
        zh: `若保存到 ${path}，文件将失去：`
      },
      problems: drops,
      buttons: [
        { id: 'drop', label: { en: 'Save without them', zh: '不含这些并保存' }, kind: 'bad' },
        { id: 'cancel', label: { en: 'Cancel', zh: '取消' } },
        { id: 'elsewhere', label: { en: 'Save elsewhere …', zh: '另存到别处…' }, kind: 'pri' }
      ]
    })
  const save = (): Promise<boolean> => write(project.path)
  const saveAs = (): Promise<boolean> => write(null)
  async function saveAndClose(): Promise<void> {
    if (await save()) await clinic.closeWindow(!project.unsavedEdits)
  }

  async function create(first = firstExperiment()): Promise<void> {
    if (!(await settle())) return
    await stopRuns()
    project.fresh(first)
  }
  async function open(path: string | null): Promise<void> {
    if (path !== null && /\.gcrec$/i.test(path)) return openRecording(path)
    if (!(await settle(undefined, path))) return
    const asked = project.moment()
    const result = await opened(NO_FILE, async () => {
      await codecsReady()
      return clinic.openProject(path)
    })
    if (!result) return
    // Reading takes a while, in which somebody may go on editing.
    if (!(await settle(asked, path))) return
    await tried(NO_FILE, async () => {
      await stopRuns()
      project.load(result.value, result.path)
    })
  }
  /** Does what may fail, and says so. @returns null where it failed */
  async function tried<T>(title: Text, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (e) {
      await ui.fail(title, problemsOf(e))
      return null
    }
  }
  /** What was opened, with its path; null where none was chosen, or it could not be, which was said then. */
  const opened = <T>(title: Text, ask: () => Promise<Opened<T>>): Promise<Extract<Opened<T>, { ok: true }> | null> =>
    tried(title, async () => {
      const result = await ask()
      if (result.ok) return result
      if (!result.canceled) await ui.fail(result.path === undefined ? title : notOpened(result.path), result.problems)
      return null
    })
  const pick = async <T>(title: Text, ask: () => Promise<Opened<T>>): Promise<T | null> =>
    (await opened(title, ask))?.value ?? null
  const pickCsv = (): Promise<GivenTable | null> =>
    pick(NO_TABLE, async () => {
      await codecsReady()
      const given = await clinic.openCsv()
      const problems = given.ok ? noTable(given.value.content, given.value.name) : []
      return given.ok && problems.length ? { ok: false, canceled: false, path: given.path, problems } : given
    })
  const pickIdx = (): Promise<GivenFile[] | null> => pick(NO_FILE, () => clinic.openIdx())
  async function openCsv(): Promise<void> {
    const back = project.bookmark()
    const table = await pickCsv()
    if (table) await tried(NO_TABLE, async () => takeCsv(table.name, table.content, back))
  }
  async function openIdx(): Promise<void> {
    const back = project.bookmark()
    const files = await pickIdx()
    if (files) await tried(NO_FILE, () => takeIdx(files, back))
  }
  const openRecording = async (path: string | null): Promise<void> => {
    const opened = await pick(NO_RECORDING, () => clinic.openRecording(path))
    if (opened !== null) await tried(NO_RECORDING, () => follow(opened))
  }
  /** @param path of a recording that may be read */
  async function follow(path: string): Promise<void> {
    const before = runs.all.find((r) => r.watched === path && !['stopped', 'failed'].includes(r.progress.state))
    ui.page = 'watch'
    if (before) return runs.show(before.id)
    const name = fileName(path).replace(/\.gcrec$/i, '')
    await runs.start({ experiment: { ...emptyExperiment(), name }, recording: path })
    project.dirty = true
  }
  return { create, open, openRecording, save, saveAs, saveAndClose, openCsv, openIdx, pickCsv, pickIdx, settle }
})
