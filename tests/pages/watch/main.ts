import { createPinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { createApp, defineComponent, h } from 'vue'
import { starterExperiment } from '@shared/experiment/templates'
import type { AppApi } from '@shared/ipc/app'
import type { RunRecord } from '@shared/run/types'
import WatchDock from '@/features/watch/WatchDock.vue'
import FollowPill from '@/features/watch/FollowPill.vue'
import StatusLine from '@/features/watch/StatusLine.vue'
import { exportReport } from '@/features/watch/export'
import { i18n } from '@/i18n'
import { useRuns } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import { useWatch } from '@/features/watch/state'
import '@fontsource-variable/inter'
import '@/styles/tokens.css'
import '@/styles/base.css'
import { frames, record, schemaOf, type Scenario } from './data'

const q = new URLSearchParams(location.search)
const listeners = new Map<string, ((p: never) => void)[]>()
const emit = (event: string, payload: unknown): void => listeners.get(event)?.forEach((f) => f(payload as never))
const exported: Record<string, Uint8Array> = {}
const acks: number[] = []
const records = new Map<string, RunRecord>()
const scenario = (q.get('run') ?? '') as Scenario | ''

const api: Partial<AppApi> = {
  on: ((event: string, f: (p: never) => void) => {
    listeners.set(event, [...(listeners.get(event) ?? []), f])
    return () => undefined
  }) as never,
  info: async () => ({ versions: {}, platform: 'linux', cpu: 'CPU', threads: 4, memory: 8e9, locale: 'en', native: { ok: true } }),
  getSettings: async () => ({ theme: (q.get('theme') ?? 'light') as 'light', language: (q.get('lang') ?? 'en') as 'en', layout: {} }),
  setSettings: async (s) => s as never,
  listRuns: async () => [...records.values()].map(({ id, name, progress }) => ({ id, name, progress })),
  getRun: async (id) => records.get(id) ?? null,
  ackFrames: async (_, n) => void acks.push(n),
  stopRun: async () => undefined,
  projectChanged: async () => undefined,
  onScreen: async () => null,
  copy: async () => undefined,
  setZoom: async () => undefined,
  exportFile: async (name, bytes) => {
    exported[name] = bytes
    return { ok: true, path: `/tmp/${name}` }
  }
}
window.clinic = api as AppApi
if (scenario) {
  const r = record(starterExperiment(), scenario, {
    layers: Number(q.get('layers') ?? 20),
    done: Number(q.get('done') ?? 313),
    planned: Number(q.get('planned') ?? 400),
    every: Number(q.get('every') ?? 1),
    activations: q.has('activations')
  })
  if (q.has('crash')) {
    const message = {
      en: 'The training process ended by signal SIGKILL at step 313; what was recorded stays.',
      zh: '训练进程在第 313 步被信号 SIGKILL 终止；已记录的内容保留。'
    }
    r.progress = {
      ...r.progress,
      state: 'failed',
      failure: { message, signal: 'SIGKILL', exitCode: null, log: 'tensorflow/core: out of memory' }
    }
  }
  records.set(r.id, r)
}

const Page = defineComponent({
  setup: () => () =>
    h(TooltipProvider, {}, () => [
      h('div', { style: 'height:40px;padding:6px 16px;display:flex;gap:8px;align-items:center' }, [h(FollowPill)]),
      h('div', { style: `height:${q.get('height') ?? 312}px;border-top:1px solid var(--line)` }, [h(WatchDock)]),
      h(StatusLine)
    ])
})
const app = createApp(Page).use(createPinia()).use(i18n)
const start = async (): Promise<void> => {
  await useSettings().load()
  const runs = useRuns()
  await runs.connect()
  if (q.has('pin')) runs.pin(Number(q.get('pin')))
  if (q.has('layer')) runs.selectLayer(q.get('layer'))
  if (q.has('statistic')) useWatch().choose(q.get('statistic')!)
  if (q.has('tab')) useWatch().tab = q.get('tab') as never
  if (q.has('all')) useWatch().allLayers = true
  app.mount('#app')
  await document.fonts.ready
  requestAnimationFrame(() => requestAnimationFrame(() => (document.documentElement.dataset['ready'] = 'yes')))
}
const bridge = { emit, exported, acks, frames, schemaOf, record, exportReport, runs: () => useRuns(), watch: () => useWatch() }
declare global {
  interface Window {
    page: typeof bridge
  }
}
window.page = bridge
void start()
