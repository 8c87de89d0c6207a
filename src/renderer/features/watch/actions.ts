import { statistics } from '@shared/statistics'
import type { Actions, Command } from '@/features/shell/command'
import { useRuns } from '@/stores/runs'
import { usePlayer } from './player'
import { useWatch } from './state'

/** What the run views show. */
const actions: Actions = () => {
  const runs = useRuns()
  const watch = useWatch()
  const player = usePlayer()
  const recorded = (): boolean => player.length > 1
  const tab = (id: typeof watch.tab, n: number, en: string, zh: string): Command => ({
    id: `tab-${id}`, group: 'view', icon: 'table', name: { en: `Run views: ${en}`, zh: `运行视图：${zh}` }, keys: [`Alt+${n}`], on: () => watch.tab === id, run: () => (watch.tab = id)
  })
  return [
    tab('gradients', 1, 'gradients', '梯度'),
    tab('activations', 2, 'activations', '激活'),
    tab('weights', 3, 'weights', '权重'),
    tab('findings', 4, 'findings', '发现'),
    { id: 'replay', group: 'view', icon: 'play', name: () => (player.playing ? { en: 'Halt the replay', zh: '暂停回放' } : { en: 'Replay the run', zh: '回放运行' }), keys: ['P'], enabled: recorded, run: player.toggle },
    { id: 'stepBack', group: 'view', icon: 'left', name: { en: 'Show the recorded step before', zh: '显示上一个记录步' }, keys: [','], enabled: recorded, run: () => player.move(-1) },
    { id: 'stepOn', group: 'view', icon: 'right', name: { en: 'Show the recorded step after', zh: '显示下一个记录步' }, keys: ['.'], enabled: recorded, run: () => player.move(1) },
    { id: 'followLive', group: 'view', icon: 'flat', name: { en: 'Follow the newest step', zh: '跟随最新一步' }, keys: ['L'], enabled: () => !runs.following, run: () => (player.pause(), runs.followLive()) },
    { id: 'allLayers', group: 'view', icon: 'layout', name: { en: 'Rows for all layers', zh: '显示所有层' }, on: () => watch.allLayers, run: () => (watch.allLayers = !watch.allLayers) },
    { id: 'ownScale', group: 'view', icon: 'fit', name: { en: 'Colours fitted to the run', zh: '颜色适应本次运行' }, on: () => watch.ownScale, run: () => (watch.ownScale = !watch.ownScale) },
    ...statistics.all.map((s): Command => ({ id: `statistic-${s.id}`, group: 'view', icon: 'eye', rare: true, words: s.id, name: { en: `Show: ${s.name.en}`, zh: `显示：${s.name.zh}` }, on: () => watch.statistic.id === s.id, run: () => watch.choose(s.id) }))
  ]
}
export default actions
