import { BrowserWindow, nativeTheme, screen } from 'electron'
import { log } from './log'
import { PRELOAD } from './paths'
import { DEV_URL, ORIGIN } from './scheme'
import type { WindowState } from './settings'

const MIN = { width: 900, height: 600 }

/** The remembered place, if it is still on some screen. */
export function placeOf(
  state: WindowState | undefined,
  screens: { workArea: { x: number; y: number; width: number; height: number } }[]
): Partial<WindowState> {
  const size = { width: Math.max(MIN.width, state?.width ?? 1440), height: Math.max(MIN.height, state?.height ?? 900) }
  if (!state || state.x === undefined || state.y === undefined) return size
  const { x, y } = state
  const seen = screens.some(
    ({ workArea: a }) => x + 100 < a.x + a.width && x + size.width > a.x + 100 && y >= a.y && y + 50 < a.y + a.height
  )
  return seen ? { ...size, x, y } : size
}

/** Opens the window: sandboxed, isolated, nothing loaded yet. */
export function createWindow(state: WindowState | undefined, remember: (state: WindowState) => void): BrowserWindow {
  const window = new BrowserWindow({
    ...placeOf(state, screen.getAllDisplays()),
    minWidth: MIN.width,
    minHeight: MIN.height,
    show: false,
    title: 'Gradient Clinic',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171C' : '#F4F5F7',
    webPreferences: {
      preload: PRELOAD,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // Runs are watched in the background too.
      backgroundThrottling: false
    }
  })
  if (state?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  const keep = (): void => {
    if (window.isDestroyed() || window.isMinimized()) return
    const { x, y, width, height } = window.getNormalBounds()
    remember({ x, y, width, height, maximized: window.isMaximized() })
  }
  // A resize of the last moment may not have been told.
  for (const event of ['resize', 'move', 'maximize', 'unmaximize', 'close'] as const) window.on(event as 'resize', keep)
  window.on('page-title-updated', (event) => event.preventDefault())
  window.webContents.on('console-message', (_event, level, message) => {
    if (level >= 3) log('error', 'page:', message)
  })
  return window
}
export const loadPage = (window: BrowserWindow): Promise<void> => window.loadURL(DEV_URL ?? `${ORIGIN}/index.html`)
