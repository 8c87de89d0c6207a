import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { app } from 'electron'

export const PROJECT_EXTENSION = 'gclinic'
export const RECORDING_EXTENSION = 'gcrec'
export const TRAINER = join(__dirname, 'trainer.js')
export const HOME = join(__dirname, 'home.js')
export const QUEUE = join(__dirname, 'queue.js')
export const FOLLOWER = join(__dirname, 'follower.js')
export const READER = join(__dirname, 'reader.js')
export const OPENER = join(__dirname, 'opener.js')
export const PRELOAD = join(__dirname, '../preload/index.js')
/** Outside the archive that holds the app when it is packaged: pip reads no archive. */
export const RECORDER = app.isPackaged ? join(process.resourcesPath, 'recorder') : join(__dirname, '../../recorder')
export const RENDERER = join(__dirname, '../renderer')

/** Whether a path names a recording of a training in another program. */
export const isRecording = (path: string): boolean => path.toLowerCase().endsWith(`.${RECORDING_EXTENSION}`)

/** What the command line asks for: `[--report DIR] [FILE]`. */
export interface Arguments {
  report?: string
  /** Absolute path of a project, an experiment, a model or a recording to open: what it is, the window tells. */
  open?: string
}

/**
 * @param argv as in `process.argv`: executable, switches, app folder (unless packaged), ours.
 * @param cwd what relative paths are relative to.
 */
export function readArguments(argv: readonly string[], cwd: string, appFolder?: string): Arguments {
  const rest = argv.slice(1)
  if (appFolder) {
    const at = rest.findIndex((a) => !a.startsWith('-') && resolve(cwd, a) === resolve(appFolder))
    if (at >= 0) rest.splice(0, at + 1)
  }
  const out: Arguments = {}
  for (let i = 0; i < rest.length; i++) {
    const a = rest[i]!
    const report = a === '--report' ? rest[++i] : a.startsWith('--report=') ? a.slice(9) : undefined
    if (report) out.report = resolve(cwd, report)
    else if (a && !a.startsWith('-')) out.open = resolve(cwd, a)
  }
  return out
}

/** What a second launch hands to the first, in plain ASCII: a text beyond Latin-1 has bytes of zero on the way. */
export const handedOver = ({ open }: Arguments): { open: string } => ({
  open: JSON.stringify(open ?? null).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
})
/** The path in it, if any. */
export function takenOver(data: unknown): string | undefined {
  try {
    const path: unknown = JSON.parse((data as { open: string }).open)
    return typeof path === 'string' && path.length <= 4096 ? path : undefined
  } catch {
    return undefined
  }
}

/**
 * Decides where the app keeps its own files; before the app is ready, since the single-instance lock lies there too.
 */
export function chooseUserData(args: Arguments): void {
  const wanted = process.env['GRADIENT_CLINIC_USER_DATA']
  if (wanted) app.setPath('userData', resolve(wanted))
  // A report leaves nothing behind but its files, and doesn't mind another instance.
  else if (args.report) app.setPath('userData', mkdtempSync(join(tmpdir(), 'gradient-clinic-report-')))
}
