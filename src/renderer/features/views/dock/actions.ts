import { histogramSources } from '@shared/run/histogram'
import { kindName } from '@shared/clinic/rules'
import { layerLabel } from '@shared/run/names'
import { statistics } from '@shared/catalog/statistics'
import type { Actions, Command } from '@/commands/command'
import type { Text } from '@shared/base/text'
import { both } from '@/i18n'
import { useRuns, type Run } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import { keepStep } from '../playback/keep'
import { eventsBytes, framesBytes, lossBytes } from '../export/tables'
import { PICTURES, useExports, type Picture } from '../export/exports'
import { kindsOf } from '../findings/findings'
import { curvesOf } from '../runViews/curves'
import { SPEEDS, usePlayer } from '../playback/player'
import { FORMS, SCALES, THEMES, useExportChoice, type ExportForm } from '@/stores/saving'
import { isGroup, useWatch } from '../runViews/state'

const NAMES: Record<Picture, Text> = {
  network: { en: 'Network', zh: '网络' },
  heatmap: { en: 'Heatmap', zh: '热图' },
  profile: { en: 'Profile', zh: '剖面' },
  curve: { en: 'Curve', zh: '曲线' },
  chain: { en: 'Chain', zh: '链式' },
  ridgeline: { en: 'Distributions', zh: '分布' },
  lens: { en: 'Activation lens', zh: '激活透镜' },
  view: { en: 'Whole run', zh: '整个运行' }
}
/** What the run views show. */
const actions: Actions = () => {
  const runs = useRuns()
  const ui = useUi()
  const watch = useWatch()
  const player = usePlayer()
  const exports = useExports()
  const choice = useExportChoice()
  const recorded = (): boolean => player.length > 1
  const tab = (id: typeof watch.tab, n: number, en: string, zh: string): Command => ({
    id: `tab-${id}`,
    group: 'view',
    icon: 'table',
    name: { en: `Run views: ${en}`, zh: `运行视图：${zh}` },
    keys: [`Alt+${n}`],
    on: () => watch.tab === id,
    run: () => (watch.tab = id)
  })
  const put = (what: Picture, form: ExportForm, icon: string, en: string, zh: string): Command => ({
    id: `export-${what}-${form}`,
    group: 'view',
    icon,
    rare: true,
    words: `export copy picture 导出 复制 ${what} ${form}`,
    name: { en: `${NAMES[what].en}: ${en}`, zh: `${NAMES[what].zh}：${zh}` },
    enabled: () => exports.at?.has(what) ?? false,
    run: () => exports.at?.put(what, form)
  })
  const csv = (what: string, en: string, zh: string, bytes: (run: Run) => Promise<Uint8Array>): Command => ({
    id: `export-${what}-csv`,
    group: 'view',
    icon: 'table',
    rare: true,
    words: 'export 导出',
    name: { en: `${en}: save as CSV …`, zh: `${zh}：存为 CSV…` },
    enabled: () => !!runs.current?.frames && !!exports.at && (what !== 'events' || runs.current.events.length > 0),
    run: () => exports.at?.save(`${exports.at.base.value}-${what}.csv`, () => bytes(runs.current!))
  })
  const fixed: Command[] = [
    tab('gradients', 1, 'gradients', '梯度'),
    tab('activations', 2, 'activations', '激活值'),
    tab('weights', 3, 'weights', '权重'),
    tab('chain', 4, 'chain rule', '链式法则'),
    tab('lens', 5, 'distributions and activation lens', '分布与激活透镜'),
    tab('findings', 6, 'findings', '诊断'),
    {
      id: 'replay',
      group: 'view',
      page: 'any',
      icon: 'play',
      name: () =>
        player.playing ? { en: 'Halt the replay', zh: '暂停回放' } : { en: 'Replay the run', zh: '回放运行' },
      keys: ['P'],
      enabled: recorded,
      run: player.toggle
    },
    {
      id: 'stepBack',
      group: 'view',
      page: 'any',
      icon: 'left',
      name: { en: 'Show the recorded step before', zh: '显示上一个记录步' },
      keys: [','],
      enabled: recorded,
      run: () => player.move(-1)
    },
    {
      id: 'stepOn',
      group: 'view',
      page: 'any',
      icon: 'right',
      name: { en: 'Show the recorded step after', zh: '显示下一个记录步' },
      keys: ['.'],
      enabled: recorded,
      run: () => player.move(1)
    },
    {
      id: 'followLive',
      group: 'view',
      page: 'any',
      icon: 'flat',
      name: { en: 'Follow the newest step', zh: '跟随最新一步' },
      keys: ['L'],
      enabled: () => !runs.following,
      run: () => (player.pause(), runs.followLive())
    },
    {
      id: 'keepStep',
      group: 'run',
      page: 'build',
      icon: 'disk',
      words: 'checkpoint 检查点',
      name: { en: 'Keep this step, to continue from later', zh: '保存此步，以便日后继续' },
      keys: ['K'],
      enabled: () => ['running', 'paused'].includes(runs.current?.progress.state ?? ''),
      run: keepStep
    },
    {
      id: 'continueRun',
      group: 'run',
      page: 'build',
      icon: 'recurrent',
      words: 'resume checkpoint 检查点',
      name: { en: 'Continue from the step on screen …', zh: '从所示步继续…' },
      keys: ['Shift+K'],
      enabled: () => (runs.current?.checkpoints.length ?? 0) > 0,
      run: () => ui.toggleMenu('continue')
    },
    {
      id: 'allLayers',
      group: 'view',
      icon: 'layout',
      name: { en: 'Rows for all layers', zh: '显示所有层' },
      on: () => watch.allLayers,
      run: () => (watch.allLayers = !watch.allLayers)
    },
    {
      id: 'ownScale',
      group: 'view',
      icon: 'fit',
      name: { en: 'Colours fitted to the run', zh: '颜色适应本次运行' },
      on: () => watch.ownScale,
      run: () => (watch.ownScale = !watch.ownScale)
    },
    ...SPEEDS.map((v): Command => {
      const times = v < 1 ? `1/${1 / v} ×` : `${v} ×`
      return {
        id: `speed-${v}`,
        group: 'view',
        page: 'any',
        icon: 'play',
        rare: true,
        words: 'speed 速度',
        name: { en: `Replay at ${times}`, zh: `回放速度 ${times}` },
        on: () => player.speed === v,
        run: () => (player.speed = v)
      }
    }),
    {
      id: 'resetZoom',
      group: 'view',
      icon: 'fit',
      words: 'zoom heatmap 缩放 热图',
      name: { en: 'Heatmap: whole run in view', zh: '热图：显示整个运行' },
      enabled: () => watch.zoomed,
      run: () => watch.resetZoom?.()
    },
    {
      id: 'curveLog',
      group: 'view',
      icon: 'table',
      words: 'log axis 对数',
      name: { en: 'Curve: logarithmic axis', zh: '曲线：对数坐标' },
      enabled: () => recorded() && isGroup(watch.tab),
      run: () => watch.toggleLog()
    },
    ...histogramSources.map((id): Command => {
      const name = both(`lens.of.${id}`)
      return {
        id: `distribution-${id}`,
        group: 'view',
        icon: 'eye',
        rare: true,
        words: `distribution histogram 分布 ${id}`,
        name: { en: `Distributions: ${name.en}`, zh: `分布：${name.zh}` },
        on: () => watch.lensSource === id,
        run: () => ((watch.lensSource = id), (watch.tab = 'lens'))
      }
    }),
    ...SCALES.map((k): Command => ({
      id: `export-scale-${k}`,
      group: 'view',
      page: 'any',
      icon: 'save',
      rare: true,
      words: 'export size 导出 尺寸',
      name: { en: `Export pictures at ${k}×`, zh: `以 ${k}× 导出图片` },
      on: () => choice.scale === k,
      run: () => (choice.scale = k)
    })),
    ...THEMES.map((v): Command => ({
      id: `export-theme-${v}`,
      group: 'view',
      page: 'any',
      icon: v === 'dark' ? 'moon' : 'sun',
      rare: true,
      words: 'export theme 导出 主题',
      name:
        v === 'dark'
          ? { en: 'Export dark pictures', zh: '导出深色图片' }
          : { en: 'Export light pictures', zh: '导出浅色图片' },
      on: () => choice.theme === v,
      run: () => (choice.theme = v)
    })),
    ...PICTURES.flatMap((what) => FORMS.map(([form, icon, en, zh]) => put(what, form, icon, en, zh))).filter(
      (c) => c.id !== 'export-view-svg'
    ),
    csv('frames', 'All frames', '全部帧', framesBytes),
    csv('loss', 'Loss and metrics', '损失与指标', lossBytes),
    csv('events', 'Events', '事件', eventsBytes),
    ...statistics.all.map((s): Command => ({
      id: `statistic-${s.id}`,
      group: 'view',
      icon: 'eye',
      rare: true,
      words: s.id,
      name: { en: `Show: ${s.name.en}`, zh: `显示：${s.name.zh}` },
      on: () => watch.statistic.id === s.id,
      run: () => watch.choose(s.id)
    }))
  ]
  const filter = (id: string, en: string, zh: string, kind: typeof watch.findingKind): Command => ({
    id: `findings-${id}`,
    group: 'view',
    icon: 'warn',
    rare: true,
    words: 'findings filter 诊断 筛选',
    name: { en: `Findings: ${en}`, zh: `诊断：${zh}` },
    on: () => watch.findingKind === kind,
    run: () => ((watch.findingKind = kind), (watch.tab = 'findings'))
  })
  return () => [
    ...fixed,
    ...(runs.current?.frames ? curvesOf(runs.current.frames) : []).map((id): Command => {
      const name = both(`runViews.${id}`)
      return {
        id: `curve-${id}`,
        group: 'view',
        icon: 'eye',
        rare: true,
        words: `curve 曲线 ${id}`,
        name: { en: `Curve: ${name.en}`, zh: `曲线：${name.zh}` },
        on: () => watch.scalar === id,
        run: () => (watch.scalar = id)
      }
    }),
    ...runs.timeLayersOf(watch.statistic.id).map((l): Command => {
      const name = layerLabel(runs.current!.schema!.layers, l)
      return {
        id: `time-layer-${l.id}`,
        group: 'view',
        icon: 'recurrent',
        rare: true,
        words: 'time 时间',
        name: { en: `Time steps of ${name.en}`, zh: `${name.zh}的时间步` },
        on: () => watch.timeLayer === l.id,
        run: () => (watch.timeLayer = l.id)
      }
    }),
    filter('all', 'all', '全部', null),
    ...kindsOf(runs.current?.findings ?? []).map((k) => filter(k, kindName(k).en, kindName(k).zh, k)),
    ...(runs.current?.events ?? []).map((e, i): Command => ({
      id: `event-${i}`,
      group: 'view',
      icon: 'eye',
      rare: true,
      words: `event 事件 ${e.kind}`,
      name: { en: `Go to step ${e.step}: ${e.text.en}`, zh: `转到第 ${e.step} 步：${e.text.zh}` },
      run: () => runs.pin(e.step)
    }))
  ]
}
export default actions
