// Longer than 300 lines, because all that the window may ask of main stands in one list, beside what its parts share.
import { cpus, totalmem } from 'node:os'
import { basename } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import type { appContract, AppInfo, Opened, Saved } from '@shared/ipc/app'
import { InputError } from '@shared/base/problems'
import type { Project, SentProject } from '@shared/project/types'
import { parseExperiment } from '@shared/experiment'
import type { Handlers } from '@shared/ipc/contract'
import { copy } from './clipboard'
import { agrees, agreesToLoss, askPlace, isProject, tellMissing, tellReplaced, type Asking } from './files/place'
import { apart, openModelApart, writeApart } from './files/apart'
import { opened, problemsOf, ProjectFiles } from './files/projects'
import type { Completed, Keeper } from './files/journal'
import { RecoveredFiles } from './files/recovered'
import { answered } from './files/patience'
import { safeWrite, SAVING } from './files/safeWrite'
import type { Writes } from './files/writes'
import { log } from './log'
import { checkNative } from './native'
import { isRecording, PROJECT_EXTENSION, RECORDER, RECORDING_EXTENSION } from './paths'
import { FolderWatch } from './recording/folder'
import { printPdf } from './print'
import { safeFileName, type Report } from './report'
import { systemLanguage, type Preferences } from './settings'
import { texts } from './texts'
import { QueueConsent } from './cure/consent'
import type { CureHost } from './cure/host'
import type { HomeHost } from './home/host'
import type { RunHost } from './trainer/host'

export interface HandlerOptions {
  window: () => BrowserWindow
  preferences: Preferences
  keeper: Keeper
  host: RunHost
  cure: CureHost
  home: HomeHost
  report?: Report
  /** A file named on the command line. */
  open?: string
  /** Files that the person has named outside the window; more may come. */
  named: ReadonlySet<string>
  /** The language, or the recent files, have changed. */
  menuChanged: () => void
  /** What the title bar shows, and whether there is unsaved work. */
  titleChanged: (name: string, dirty: boolean) => void
  /** Saves and exports, which the window waits for before it closes. */
  writes: Writes
  /** Closes the window. @param saved whether all is saved */
  closeWindow: (saved: boolean) => void
  /** A recording has begun in the folder that is watched. */
  recordingBegan: (path: string) => void
  /** The page shows all that it opens with, and hears what it is told. */
  pageWhole: () => void
}
/** What the workbench needs at least, CSS pixels. */
const ROOM = { width: 1024, height: 640 }
/** Milliseconds without an edit after which one is likely to train. */
const PAUSE = 500
const CANCELED = { ok: false, canceled: true } as const

/** Everything that the window may ask of main. */
export function makeHandlers(o: HandlerOptions): Handlers<typeof appContract> {
  const files = new ProjectFiles(apart.project, writeApart)
  // The window may name only files that a person has chosen: in a dialog, on the command line, or by dropping them.
  const chosen = new Set<string>()
  const isChosen = (path: string): boolean => chosen.has(path) || o.named.has(path)
  const known = (path: string): boolean => isChosen(path) || o.preferences.recent.includes(path)
  const say = (key: keyof typeof texts): string => texts[key][o.preferences.language]
  const asking: Asking = { window: o.window, say: (text) => text[o.preferences.language] }
  const consent = new QueueConsent(asking)
  const notChosen = (path: string) => ({
    ok: false as const,
    problems: [
      {
        path: basename(path),
        message: {
          en: 'choose the file in the dialog: it was not opened by you before',
          zh: '请在对话框中选择该文件：您之前没有打开过它'
        }
      }
    ]
  })
  const remember = (path: string): void => {
    chosen.add(path)
    o.preferences.remember(path)
    o.menuChanged()
  }
  const ask = async (
    name: keyof typeof texts,
    extensions: string[],
    more: Electron.FileFilter[] = []
  ): Promise<string | undefined> => {
    const { canceled, filePaths } = await dialog.showOpenDialog(o.window(), {
      properties: ['openFile'],
      filters: [{ name: say(name), extensions }, ...more, { name: say('allFiles'), extensions: ['*'] }]
    })
    return canceled ? undefined : filePaths[0]
  }

  const { native, version } = checkNative()
  const info = (): AppInfo => {
    const found = o.host.nativeProblems
    const first = cpus()[0]
    return {
      versions: {
        app: app.getVersion(),
        electron: process.versions.electron,
        chromium: process.versions['chrome'] ?? '',
        node: process.versions.node,
        ...(version && { 'tfjs-node': version }),
        ...o.host.versions
      },
      platform: `${process.platform} ${process.arch}`,
      cpu: first?.model.trim() ?? '',
      threads: cpus().length,
      memory: totalmem(),
      locale: systemLanguage(),
      native: native.ok && found ? { ok: false, problems: found } : native,
      ...(o.report && { report: { dir: o.report.dir } }),
      ...(o.open && { open: o.open }),
      recorder: RECORDER
    }
  }

  async function openProject(path: string | null): Promise<Opened<Project>> {
    const file =
      path ?? (await ask('projectFiles', [PROJECT_EXTENSION], [{ name: say('experimentFiles'), extensions: ['json'] }]))
    if (!file) return CANCELED
    if (path !== null && !known(path)) return notChosen(path)
    chosen.add(file)
    const result = await files.open(file, (missing) => void tellMissing(asking, file, missing))
    if (result.ok) o.keeper.offer(result.value.runs)
    // An experiment in JSON is read, never written: saving asks for a project file.
    if (result.ok && isProject(file)) remember(file)
    if (!result.ok && !result.canceled && path !== null && result.problems.some((p) => p.code === 'fileNotFound')) {
      o.preferences.forget(file)
      o.menuChanged()
    }
    return result
  }
  /** @param mayDrop the person has said that the file may lose runs or checkpoints */
  async function save({ project, journal }: Completed, path: string | null, mayDrop: boolean): Promise<Saved> {
    let file = path
    if (file === null || !isProject(file)) {
      const place = await askPlace(asking, project.name, say('projectFiles'))
      if (place === undefined) return CANCELED
      file = place
    } else if (!known(file)) return notChosen(file)
    else if (await o.writes.work(files.changedOutside(file))) {
      const message = texts.changedOutside
      if (!(await agrees(asking, { message, detail: texts.changedOutsideDetail, action: texts.overwrite })))
        return CANCELED
    } else if (files.isDamaged(file) && !(await agreesToLoss(asking, file))) return CANCELED
    const drops = mayDrop ? [] : await o.writes.work(files.drops(project, file))
    if (drops.length) {
      chosen.add(file)
      return { ...CANCELED, path: file, drops }
    }
    const replaced = (backup: string): void => void tellReplaced(asking, file, backup)
    const saved = await o.writes.work(files.save(project, file, { journal, replaced }))
    if (saved.ok) remember(file)
    // What is sent whole goes to the same place, unasked.
    else if (saved.canceled) chosen.add(file)
    return saved
  }
  const saveProject = (sent: SentProject, path: string | null, mayDrop = false): Promise<Saved> =>
    o.writes.during(async () => {
      const known = o.keeper.complete(sent)
      return known ? save(known, path, mayDrop) : { ...CANCELED, wantsWhole: true }
    })

  const folder = new FolderWatch(o.recordingBegan)
  const recordings = new Set<string>()
  const openRecording = async (path: string | null): Promise<Opened<string>> => {
    const file = path ?? (await ask('recordings', [RECORDING_EXTENSION]))
    if (!file) return CANCELED
    if (!isRecording(file)) return notChosen(file)
    recordings.add(file)
    remember(file)
    return { ok: true, path: file, value: file }
  }

  /** To a place that the person chooses; made once it is known. */
  async function write(name: string, make: () => Promise<Uint8Array>): Promise<Saved> {
    if (o.report) return o.report.write(name, await make())
    return o.writes.during(async () => {
      const { canceled, filePath } = await dialog.showSaveDialog(o.window(), { defaultPath: safeFileName(name) })
      if (canceled || !filePath) return CANCELED
      return exported(filePath, async () => {
        const bytes = await make()
        const asked = { path: filePath, said: SAVING, doing: 'write', bytes: bytes.length } as const
        await answered(asked, () => safeWrite(filePath, bytes))
        return filePath
      })
    })
  }
  /** @param work writes what is exported there, and tells where it is @returns how that went */
  async function exported(to: string, work: () => Promise<string>): Promise<Saved> {
    try {
      return { ok: true, path: await o.writes.work(work()) }
    } catch (error) {
      // So that this can be read.
      o.writes.stay()
      return { ok: false, problems: problemsOf(to, error) }
    }
  }

  const recovered = new RecoveredFiles(o.keeper.folder, (name) => o.keeper.isOwn(name))
  let zoom: number | undefined
  /** As large as wanted, as far as the window still holds all parts of the workbench. */
  const applyZoom = (window: BrowserWindow): void => {
    const [width = 0, height = 0] = window.getContentSize()
    window.webContents.setZoomFactor(Math.max(1, Math.min(zoom ?? 1, width / ROOM.width, height / ROOM.height)))
  }
  let foreseen: ReturnType<typeof setTimeout> | undefined

  return {
    info,
    getSettings: () => o.preferences.get(),
    setSettings(change) {
      const before = o.preferences.language
      const settings = o.preferences.set(change)
      if (o.preferences.language !== before) o.menuChanged()
      return settings
    },
    projectChanged(project, dirty, path) {
      const missing = o.report
        ? []
        : o.keeper.changed(project, dirty, path ?? null, path ? files.sumOf(path) : undefined)
      o.keeper.repeat()
      const experiment = project?.experiments[project.current]
      // The trainer in waiting prepares what somebody has come to rest on, not each stroke.
      clearTimeout(foreseen)
      if (experiment) foreseen = setTimeout(() => o.host.foresee(experiment, o.keeper.files), PAUSE)
      o.titleChanged(project?.name ?? '', dirty)
      return missing
    },
    onScreen: () => o.keeper.onScreen(),
    openProject,
    saveProject,
    closeWindow: o.closeWindow,
    recentFiles: () => o.preferences.recent,
    recovered: () => (o.report ? [] : recovered.list()),
    async takeRecovered(id) {
      const taken = await recovered.take(id)
      if (taken.ok) {
        await recovered.want(id)
        const { project, key, path, sum } = taken.value
        if (path) chosen.add(path)
        if (path && sum !== undefined) files.recall(path, sum)
        o.keeper.offer(project.runs)
        if (key !== undefined)
          o.keeper.adopt(
            key,
            project.runs.map((r) => r.id)
          )
      }
      return taken
    },
    declineRecovered: (id) => recovered.decline(id),
    deleteRecovered: (id) => recovered.delete(id),
    async openCsv() {
      const path = await ask('tableFiles', ['csv', 'tsv', 'txt', 'gz', 'zip'])
      return path ? opened(path, apart.table([path])) : CANCELED
    },
    async openIdx() {
      const { canceled, filePaths } = await dialog.showOpenDialog(o.window(), {
        properties: ['openFile', 'multiSelections'],
        // The usual names have no extension but "-ubyte", which a dialog takes for none.
        filters: [
          { name: say('allFiles'), extensions: ['*'] },
          { name: say('idxFiles'), extensions: ['idx', 'ubyte', 'gz'] }
        ]
      })
      return canceled || !filePaths.length ? CANCELED : opened(filePaths[0]!, apart.binary(filePaths))
    },
    fileDropped: (path) => void chosen.add(path),
    openRecording,
    async watchFolder() {
      const { canceled, filePaths } = await dialog.showOpenDialog(o.window(), { properties: ['openDirectory'] })
      const [path] = filePaths
      if (canceled || !path) return CANCELED
      return opened(
        path,
        folder.watch(path).then(() => path)
      )
    },
    async openModel(source, request) {
      if (source !== null && typeof source !== 'string')
        return opened(source.name, openModelApart(source.name, request, source.bytes))
      if (source !== null && !isChosen(source)) return notChosen(source)
      const path = source ?? (await ask('modelFiles', ['keras', 'h5', 'hdf5', 'json', 'safetensors']))
      if (!path) return CANCELED
      chosen.add(path)
      return opened(path, openModelApart(path, request))
    },
    exportFile: (name, bytes) => write(name, () => Promise.resolve(bytes)),
    exportPdf: (name, html) => write(name, () => printPdf(html)),
    copy,
    setZoom(factor) {
      const window = o.window()
      if (!zoom) window.on('resize', () => applyZoom(window))
      zoom = factor
      applyZoom(window)
    },
    windowWhole() {
      o.host.prewarm()
      o.pageWhole()
    },
    startRun(id, experiment, tables, options) {
      const { recording } = options ?? {}
      if (recording !== undefined && !recordings.has(recording)) throw new InputError(notChosen(recording).problems)
      o.host.start(id, experiment, tables, options)
    },
    setSlots: (count) => o.host.setSlots(count),
    orderRuns: (ids) => o.host.order(ids),
    renameRun: (id, name) => o.host.rename(id, name),
    checkpointRun: (id) => o.host.checkpoint(id),
    changeRun: (id, change) => o.host.change(id, change),
    pauseRun: (id) => o.host.pause(id),
    resumeRun: (id) => o.host.resume(id),
    stepRun: (id) => o.host.step(id),
    stopRun: (id) => o.host.stop(id),
    inspectRun: (id) => o.host.inspect(id),
    getRun: (id) => o.host.record(id),
    listRuns: () => o.host.list(),
    dropRun(id) {
      o.host.drop(id)
      o.keeper.drop(id)
    },
    ackFrames: (id, n) => o.host.ack(id, n),
    async startCure(id, order, files, past, queueUrl) {
      if (queueUrl !== null) await consent.ask(queueUrl)
      o.cure.start(id, order, files, past, queueUrl ?? undefined)
    },
    stopCure: () => o.cure.stop(),
    forgetCure: () => o.cure.forget(),
    cureState: () => o.cure.state,
    takeHome: (order, files) => o.home.take({ ...order, experiment: parseExperiment(order.experiment) }, files),
    leaveHome: () => o.home.leave(),
    stopHome: () => o.home.stop(),
    checkHome: (id, target) => o.home.check(id, target),
    saveHome: (id, target, name, weights) =>
      o.writes.during(async () => {
        const { canceled, filePaths } = await dialog.showOpenDialog(o.window(), {
          properties: ['openDirectory', 'createDirectory'],
          title: say('homeFolder')
        })
        const parent = filePaths[0]
        if (canceled || parent === undefined) return CANCELED
        return exported(parent, () => o.home.save(id, target, parent, safeFileName(name), weights))
      }),
    async choosePython() {
      const { canceled, filePaths } = await dialog.showOpenDialog(o.window(), {
        properties: ['openFile'],
        title: say('choosePython')
      })
      if (canceled || filePaths[0] === undefined) return null
      o.preferences.choosePython(filePaths[0])
      return filePaths[0]
    },
    log: (level, text) => log(level, 'page:', text),
    reportDone: (error) => void o.report?.done(error)
  }
}
