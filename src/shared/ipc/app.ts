import * as v from 'valibot'
import type { Attachment, Attachments } from '../catalog/datasets/types'
import { searchState, type KeptTrial, type SearchOrder, type SearchState } from '../cure/state'
import type { Experiment } from '../experiment/types'
import type { Progress, RunChange, RunRecord } from '../run/types'
import { runMessage } from '../run/update'
import type { Problem } from '../base/problems'
import type { Outline, Project, SentProject, Settings } from '../project/types'
import { TARGET_IDS, type TargetId } from '../takehome/targets'
import type { Client, Contract } from './contract'
import type { HomeCheck, HomeOrder, HomeTaken } from './home'
import type { ModelRequest, OpenedModel } from './model'
import { savedProject, shownProject } from './shapes'
import type { StartOptions } from './trainer'

/** A file that was opened, or the reason why it could not be. */
export type Opened<T> =
  | { ok: true; path: string; value: T }
  | { ok: false; canceled: true }
  | { ok: false; canceled?: false; path?: string; problems: Problem[] }
/** Where a file was saved, or the reason why it could not be. */
export type Saved =
  | { ok: true; path: string }
  /**
   * Nothing was written. `drops`: what the file at `path` holds of runs and would lose. `wantsWhole`: main lacks some
   * of the runs that were sent in brief.
   */
  | { ok: false; canceled: true; path?: string; drops?: Problem[]; wantsWhole?: true }
  | { ok: false; canceled?: false; problems: Problem[] }
/** Work of an earlier session that ended without saving. */
export interface RecoveredWork {
  id: string
  /** Of the project. */
  name: string
  /** When it was last written, milliseconds since 1970. */
  time: number
  /** Runs in it. */
  runs: number
  /** The person did not want it: it is not offered by itself any more, and goes after 30 days. */
  declined: boolean
  /** Where it lies. */
  file: string
  /** Why it can't be read. */
  problems?: Problem[]
}
/** Work of an earlier session that is taken up again. */
export interface TakenWork {
  project: Project
  /** The file that it was opened from or saved in last. */
  path: string | null
  /** Under which it is gone on with; absent: it is backed up as a new project. */
  key?: string
  /** What of it is missing. */
  lacks?: Problem[]
}
/** The program, and the machine that it runs on. */
export interface AppInfo {
  versions: Record<string, string>
  platform: string
  cpu: string
  threads: number
  /** Bytes. */
  memory: number
  /** System language, `en` or `zh`. */
  locale: 'en' | 'zh'
  /** False with the reason when the native training library can't be loaded: the app opens and explains. */
  native: { ok: true } | { ok: false; problems: Problem[] }
  /** Set when started to run the sample experiment and leave a report. */
  report?: { dir: string }
  /** A project file or a recording named on the command line, to be opened at the start. */
  open?: string
  /** The folder of the recorder's Python package, which pip installs from. */
  recorder: string
}
/** What has changed of a search: all but its order, and the trainings that were finished since the last update. */
export interface CureUpdate {
  state: Omit<SearchState, 'kept' | 'order'>
  kept: KeptTrial[]
}
/** A command of the application menu. */
export type MenuCommand =
  | 'new'
  | 'newEmpty'
  | 'open'
  | 'save'
  | 'saveAs'
  | 'reportHtml'
  | 'reportPdf'
  | 'saveAndClose'
  | 'recovered'
  | 'openCsv'
  | 'openIdx'
  | 'openRecording'
  | 'openModel'
  | 'undo'
  | 'redo'
  | 'settings'
  | 'about'
  | 'palette'
  | 'shortcuts'
  | 'glossary'
  | 'tour'
  | { openRecent: string }

const any = <T>(): v.GenericSchema<T> => v.any() as unknown as v.GenericSchema<T>
const call = <A extends readonly unknown[], R>(
  args: v.GenericSchema<A>,
  result: v.GenericSchema<R> = any<R>()
): { args: v.GenericSchema<A>; result: v.GenericSchema<R> } => ({ args, result })
const none = v.strictTuple([]) as unknown as v.GenericSchema<[]>
const target = v.picklist(TARGET_IDS)
const runId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const text = (max: number): v.GenericSchema<string> => v.pipe(v.string(), v.maxLength(max))
const tuple = <A extends readonly unknown[]>(...items: v.GenericSchema<unknown>[]): v.GenericSchema<A> =>
  v.strictTuple(items as never) as unknown as v.GenericSchema<A>
/** Checks the envelope alone: experiments and projects are checked in depth by their readers (`readExperiment`). */
const object = <T>(): v.GenericSchema<T> => v.looseObject({}) as unknown as v.GenericSchema<T>

/** Renderer ▶ main. */
export const appContract = {
  calls: {
    info: call<[], AppInfo>(none),
    getSettings: call<[], Settings>(none),
    setSettings: call<[Partial<Settings>], Settings>(tuple(object<Partial<Settings>>())),
    /**
     * Tells main what the title shows, whether there is unsaved work, and the file it belongs to; main backs the
     * project up. @returns ids of the runs that main has nothing of, and wants in full
     */
    projectChanged: call<[Outline | null, boolean, (string | null)?], string[]>(
      tuple(v.nullable(shownProject), v.boolean(), v.optional(v.nullable(text(4096))))
    ),
    /** The whole project that was told last in this session: a window that was reloaded continues with it. */
    onScreen: call<[], { project: Project; dirty: boolean; path: string | null; key?: string } | null>(none),
    /**
     * By dialog (null), or a path that the person has chosen before. An experiment in JSON opens as a project around
     * it.
     */
    openProject: call<[string | null], Opened<Project>>(tuple(v.nullable(text(4096)))),
    /**
     * To a path chosen before, or (null) asks where. The last argument: the file may lose runs and checkpoints that it
     * holds.
     */
    saveProject: call<[SentProject, string | null, boolean?], Saved>(
      tuple(savedProject, v.nullable(text(4096)), v.optional(v.boolean()))
    ),
    /** Closes the window. @param saved whether all is saved; otherwise main asks first */
    closeWindow: call<[boolean], void>(tuple(v.boolean())),
    recentFiles: call<[], string[]>(none),
    /** Work of earlier sessions that ended without saving, the newest first. */
    recovered: call<[], RecoveredWork[]>(none),
    /** Reads recovered work. It stays until the project is backed up anew, or saved. */
    takeRecovered: call<[string], Opened<TakenWork>>(tuple(text(255))),
    /** The person does not want recovered work now. */
    declineRecovered: call<[string], void>(tuple(text(255))),
    /** Deletes recovered work for good. */
    deleteRecovered: call<[string], void>(tuple(text(255))),
    openCsv: call<[], Opened<{ name: string; content: Attachment }>>(none),
    /** Images and labels in the IDX format, as they are on disk (packed or not); several may be chosen at once. */
    openIdx: call<[], Opened<{ name: string; bytes: Uint8Array }[]>>(none),
    /**
     * The person has dropped this file on the window, and may have it opened by its path. The bridge makes this call,
     * which alone sees where a file comes from; the page does not have it.
     */
    fileDropped: call<[string], void>(tuple(text(4096))),
    /**
     * The path of a recording of a training in another program, to be followed with `startRun`. By dialog (null), or
     * any path that ends with .gcrec, such as that of a file that was dropped: such a file holds figures alone.
     */
    openRecording: call<[string | null], Opened<string>>(tuple(v.nullable(text(4096)))),
    /**
     * Asks for a folder; whatever recording begins in it from now on comes as the command `openRecent`. A folder that
     * was watched before is let go.
     */
    watchFolder: call<[], Opened<string>>(none),
    /**
     * A model of Keras or PyTorch: by dialog (null), by a path that this call has given before, or dropped on the
     * window.
     */
    openModel: call<[string | { name: string; bytes: Uint8Array } | null, ModelRequest], Opened<OpenedModel>>(
      tuple(
        v.nullable(v.union([text(4096), v.strictObject({ name: text(255), bytes: v.instance(Uint8Array) })])),
        v.strictObject({ mend: v.array(text(64)), compare: v.boolean() })
      )
    ),
    /** Bytes to a file the person chooses (or to the report folder when the app was started for a report). */
    exportFile: call<[string, Uint8Array], Saved>(
      tuple(text(255), v.instance(Uint8Array) as unknown as v.GenericSchema<Uint8Array>)
    ),
    /** A document in HTML, printed on A4, to a file the person chooses. It is shown to nobody, and runs no script. */
    exportPdf: call<[string, string], Saved>(tuple(text(255), text(64 * 2 ** 20))),
    /** Puts a text or a PNG on the clipboard; exactly one of the two. */
    copy: call<[{ text: string } | { png: Uint8Array }], void>(
      tuple(v.union([v.strictObject({ text: text(256 * 2 ** 20) }), v.strictObject({ png: v.instance(Uint8Array) })]))
    ),
    /** How much larger than usual everything is drawn, 1 … 2: for a projector. */
    setZoom: call<[number], void>(
      tuple(v.pipe(v.number(), v.minValue(1), v.maxValue(2)) as unknown as v.GenericSchema<number>)
    ),
    /** All of the window is on screen: what it need not wait for may begin. */
    windowWhole: call<[], void>(none),
    startRun: call<[string, Experiment, Attachments, StartOptions?], void>(
      tuple(
        runId,
        object<Experiment>(),
        v.record(v.string(), v.union([v.string(), v.instance(Uint8Array)])),
        v.optional(object<StartOptions>())
      )
    ),
    /** How many runs may train at once. @returns what was taken: at least 1, at most the number of cores */
    setSlots: call<[number], number>(tuple(v.pipe(v.number(), v.minValue(1)) as unknown as v.GenericSchema<number>)),
    /** The order in which waiting runs get their turn. */
    orderRuns: call<[string[]], void>(tuple(v.array(runId))),
    renameRun: call<[string, string], void>(tuple(runId, text(200))),
    /** Keeps an active run as it is now. @returns the step it can be continued from */
    checkpointRun: call<[string], { step: number }>(tuple(runId)),
    /**
     * Changes learning rate or remedies of an active run. Rejects with the reason when the change needs a new run.
     * @returns the first step that has the change; `anew` when the run has not begun, and has another experiment now
     */
    changeRun: call<[string, RunChange], { step: number; anew?: boolean }>(
      tuple(
        runId,
        v.strictObject({ learningRate: v.optional(v.number()), remedies: v.optional(v.array(object<RunChange>())) })
      )
    ),
    pauseRun: call<[string], void>(tuple(runId)),
    resumeRun: call<[string], void>(tuple(runId)),
    /** One step, then paused. */
    stepRun: call<[string], void>(tuple(runId)),
    stopRun: call<[string], void>(tuple(runId)),
    /** Asks for the distributions of the next step. */
    inspectRun: call<[string], void>(tuple(runId)),
    /** The whole record of a run, for a window that was reloaded. */
    getRun: call<[string], RunRecord | null>(tuple(runId)),
    listRuns: call<[], { id: string; name: string; progress: Progress }[]>(none),
    /** Forgets a run and its record. An active run is ended. */
    dropRun: call<[string], void>(tuple(runId)),
    /** Acknowledges this many frame batches of the run (back-pressure). */
    ackFrames: call<[string, number], void>(
      tuple(runId, v.pipe(v.number(), v.integer(), v.minValue(0)) as unknown as v.GenericSchema<number>)
    ),
    /**
     * Starts a search for what cures an experiment, or goes on with one: with its id, and what of it is finished. One
     * that goes on is stopped. The last is the URL of a queue whose workers train, with its credentials; null: this
     * machine trains. Main asks the person before anything is sent there.
     */
    startCure: call<[string, SearchOrder, Attachments, Pick<SearchState, 'kept' | 'time'>, string | null], void>(
      tuple(
        runId,
        searchState.entries.order as unknown as v.GenericSchema<SearchOrder>,
        v.record(v.string(), v.union([v.string(), v.instance(Uint8Array)])),
        v.pick(searchState, ['kept', 'time']),
        v.nullable(text(2000))
      )
    ),
    /** Stops the search; what it has trained is kept. */
    stopCure: call<[], void>(none),
    /** Stops the search and forgets it. */
    forgetCure: call<[], void>(none),
    /** The search under way, or the last one. */
    cureState: call<[], SearchState | null>(none),
    /** Trains a run again as far as it takes, and writes it as projects; what was taken home before is forgotten. */
    takeHome: call<[HomeOrder, Attachments], HomeTaken>(
      tuple(object<HomeOrder>(), v.record(v.string(), v.union([v.string(), v.instance(Uint8Array)])))
    ),
    /** Forgets what was taken home, and ends what goes on. */
    leaveHome: call<[], void>(none),
    /** Runs the check of a project that was taken home, in the Python that was chosen or is found. */
    checkHome: call<[string, TargetId], HomeCheck>(tuple(runId, target)),
    /** Ends the checks that run. */
    stopHome: call<[], void>(none),
    /** Writes a project into a new folder, in one that the person chooses. @param weights with those after training */
    saveHome: call<[string, TargetId, string, boolean], Saved>(tuple(runId, target, text(255), v.boolean())),
    /** Asks for the Python that checks projects. @returns its path; null: none was chosen, the one before stays */
    choosePython: call<[], string | null>(none),
    log: call<['info' | 'warn' | 'error', string], void>(tuple(v.picklist(['info', 'warn', 'error']), text(20000))),
    reportDone: call<[string | null], void>(tuple(v.nullable(text(20000))))
  },
  events: {
    /** One update of a run. Batches of frames are to be acknowledged with `ackFrames`. */
    runUpdate: runMessage,
    /** What has changed of the search for a cure. */
    cureUpdate: any<CureUpdate>(),
    /** Steps that were trained of the run that is being taken home. */
    homeProgress: any<number>(),
    /** What `info` says of the training library has changed. */
    infoChanged: any<null>(),
    /** Unsaved work can't be backed up, and why; null: it can again. */
    backupProblems: any<Problem[] | null>(),
    /** The app is about to end: the window calls `projectChanged` at once. */
    tell: any<null>(),
    menu: any<MenuCommand>(),
    systemTheme: any<'light' | 'dark'>()
  }
} satisfies Contract

/** What the preload exposes as `window.clinic`. */
export type AppApi = Client<typeof appContract>
