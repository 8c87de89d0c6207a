import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { datasets } from '@shared/catalog/datasets'
import { kindName } from '@shared/clinic/rules'
import { losses } from '@shared/catalog/losses'
import { optimizers } from '@shared/catalog/optimizers'
import { remedies } from '@shared/clinic/remedies'
import { figure } from '@shared/run/change'
import { chainOption, chainSize, type ChainPicture } from '@/charts/chain'
import { curveOption } from '@/charts/curve/option'
import { short, thousands } from '@/charts/format'
import { lensOption } from '@/charts/lens'
import { networkOption, networkSize, type NetworkPicture } from '@/charts/network'
import type { Option, Size } from '@/charts/plot'
import {
  heatmapCanvas,
  heatmapPng,
  heatmapSvg,
  plotCanvas,
  plotPng,
  plotSvg,
  posterPng,
  type PosterChart
} from '@/charts/png'
import { profileOption } from '@/charts/profile/option'
import { ridgelineOption } from '@/charts/ridgeline'
import { useNetworkPicture } from '@/features/edit/canvas/picture'
import { useText } from '@/i18n'
import { useRuns, type Run } from '@/stores/runs'
import { useChain } from '@/features/views/chain/model'
import { useLens } from '@/features/views/lens/model'
import { chainBytes, distributionBytes, framesBytes, lossBytes, profileBytes } from './tables'
import type { Exporter, Picture } from './exports'
import { SIZES } from './pictures'
import { bySeverity } from '../findings/findings'
import type { WatchModel } from '../runViews/model'
import { fileName, useExportChoice, useSaving, type ExportForm } from '@/stores/saving'
import { useWatch } from '../runViews/state'

/**
 * Writes what the run views show: as they are on screen (zoom, pin and selection included), in a chosen theme, with a
 * caption. Call in a component's setup.
 */
export function useExporter(model: WatchModel): Exporter {
  const state = useWatch()
  const choice = useExportChoice()
  const { busy, save, copy } = useSaving()
  const runs = useRuns()
  const text = useText()
  const { t } = useI18n()
  const links = useChain()
  const lens = useLens()
  const network = useNetworkPicture()
  const base = computed(() => fileName(model.run.value?.name ?? ''))

  const stepText = (): string => t('runViews.stepLabel', { step: runs.shownStep ?? 0 })
  /** The layer whose time steps are the rows. */
  const layer = (): string =>
    model.rows.value?.times && model.rows.value.layers[0] ? `, ${model.layerName(model.rows.value.layers[0])}` : ''
  /** In a picture of the whole run its name is said once. */
  const title = (what: string, own = false): string => (own ? what : `${model.run.value!.name}: ${what}`)
  const heat = (dark: boolean, own = false) => ({
    ...model.heatmap.value,
    dark,
    caption: { title: title(model.name.value + layer(), own), sub: model.symbol.value }
  })
  const profile = (dark: boolean, size: Size): Option =>
    profileOption(
      {
        ...model.profile.value,
        dark,
        caption: {
          title: `${model.name.value}: ${t(model.rows.value?.times ? 'runViews.timeProfile' : 'runViews.profile')}`
        }
      },
      size
    )
  const curve = (dark: boolean, size: Size): Option =>
    curveOption({ ...model.curve.value, dark, caption: { title: model.scalarName(state.scalar) } }, size)
  const ridges = (dark: boolean, size: Size, own?: boolean): Option =>
    ridgelineOption(
      {
        ...lens.ridges.value,
        dark,
        caption: { title: title(t(`lens.of.${state.lensSource}`), own), sub: lens.when.value }
      },
      size
    )
  function lensPlot(dark: boolean, size: Size): Option {
    const l = lens.lens.value!
    return lensOption(
      {
        ...l.model,
        dark,
        caption: {
          title: `${model.layerName(l.on)}: ${l.name}`,
          sub: [lens.when.value, l.slope && `${t('lens.meanSlope')} ${short(l.slope.mean)}`].filter(Boolean).join(' · ')
        }
      },
      size
    )
  }
  function chainPicture(dark: boolean, own?: boolean): ChainPicture {
    const { target, formula, measured, theory, weights } = links
    const update = weights(target.value)
    const perLayer = [
      measured.value !== undefined && t('chain.perLayer', { value: short(measured.value) }),
      theory.value !== undefined && t('chain.perLayerTheory', { value: short(theory.value) })
    ]
      .filter(Boolean)
      .join(' · ')
    return {
      columns: links.layers.value.map((_, i) => `h${links.sub(i)}`),
      rows: links.rows.value,
      caption: { title: title(t('chain.title'), own), sub: stepText() },
      lines: [
        `${formula.value.text}${formula.value.product}`,
        ...(update ? [update.gradient, update.step] : []),
        ...(perLayer ? [perLayer] : [])
      ],
      labels: { into: t('chain.into'), loss: t('chain.loss') },
      dark
    }
  }
  const chain = (dark: boolean, size: Size, own?: boolean): Option => chainOption(chainPicture(dark, own), size)
  const networkPicture = (dark: boolean, own?: boolean): NetworkPicture => ({
    ...network(dark),
    caption: { title: title(t('export.network'), own), sub: stepText() },
    dark
  })
  const drawing = (dark: boolean, size: Size, own?: boolean): Option => networkOption(networkPicture(dark, own), size)
  const sizeOf = (what: Exclude<Picture, 'view'>): Size =>
    what === 'chain'
      ? chainSize(chainPicture(false))
      : what === 'network'
        ? networkSize(networkPicture(false))
        : SIZES[what]
  function plot(what: Exclude<Picture, 'view' | 'heatmap'>, dark: boolean, own?: boolean): Option {
    const make = { network: drawing, profile, curve, chain, ridgeline: ridges, lens: lensPlot }[what]
    return make(dark, sizeOf(what), own)
  }
  function png(what: Picture, k: number, dark: boolean): Promise<Uint8Array> {
    if (what === 'heatmap') return heatmapPng(heat(dark), SIZES.heatmap, k, state.view ?? undefined)
    if (what !== 'view') return plotPng(plot(what, dark), sizeOf(what), k)
    const chartOf = (of: Exclude<Picture, 'view' | 'heatmap'>): PosterChart => ({
      size: sizeOf(of),
      draw: (s) => plotCanvas(plot(of, dark, true), sizeOf(of), s)
    })
    const run = model.run.value!
    // Of what there is, a row for what was measured, one for the chain, one for the distributions.
    // A network wider than the charts is drawn as wide as they are.
    const wide = SIZES.heatmap.width + SIZES.profile.width + SIZES.curve.width
    const own = sizeOf('network')
    const share = Math.min(1, wide / own.width)
    const size = { width: own.width * share, height: own.height * share }
    const rows = [
      [{ size, draw: (s: number) => plotCanvas(drawing(dark, size, true), size, s) }],
      [
        {
          size: SIZES.heatmap,
          draw: (s: number) => heatmapCanvas(heat(dark, true), SIZES.heatmap, s, state.view ?? undefined)
        },
        chartOf('profile'),
        chartOf('curve')
      ],
      (['chain'] as const).filter(has).map(chartOf),
      (['ridgeline', 'lens'] as const).filter(has).map(chartOf)
    ]
    return posterPng(
      {
        title: run.name,
        sub: settingsText(run),
        lines: [...run.findings]
          .sort(bySeverity)
          .slice(0, 4)
          .map((f) =>
            t('export.line', {
              kind: text(kindName(f.kind)),
              steps: t(f.from === f.to ? 'runViews.oneStep' : 'runViews.steps', { from: f.from, to: f.to }),
              text: text(f.text)
            })
          ),
        dark
      },
      rows.filter((row) => row.length),
      k
    )
  }
  /** How a run was made, in a line: data, network, training, remedies, seed, and the step that is shown. */
  function settingsText(run: Run): string {
    const { data, training, seed, remedies: on } = runs.experimentOf(run)
    const layers = run.schema?.layers.filter((l) => l.main).length ?? 0
    return [
      text(datasets.find(data.dataset.id)?.name),
      t('canvas.summary', { layers, params: thousands(run.schema?.paramCount ?? 0) }, layers),
      `${text(optimizers.find(training.optimizer.id)?.name)}${typeof training.optimizer['learningRate'] === 'number' ? `, α = ${figure(training.optimizer['learningRate'])}` : ''}`,
      text(losses.find(training.loss.id)?.name),
      t('export.batch', { n: training.batchSize }),
      ...on.map((r) => `+ ${text(remedies.find(r.id)?.name)}`),
      t('runViews.seed', { n: seed }),
      t('playback.time.of', { step: runs.shownStep ?? 0, first: run.frames!.firstStep ?? 0, last: runs.liveStep ?? 0 })
    ].join(' · ')
  }
  const svg = (what: Picture, dark: boolean): Promise<Uint8Array> =>
    what === 'heatmap' || what === 'view'
      ? heatmapSvg(heat(dark), SIZES.heatmap, state.view ?? undefined)
      : plotSvg(plot(what, dark), sizeOf(what))
  /** What the picture shows, as a table; of the whole view, the heatmap's. */
  function csv(what: Picture): Promise<Uint8Array> {
    const run = model.run.value!
    if (what === 'curve') return lossBytes(run)
    if (what === 'chain')
      return chainBytes(links.chain.value, runs.shownStep!, (l) => runs.valueAt(l.index, 'activationGradientRms'))
    if (what === 'ridgeline') return distributionBytes(lens.set.value!.step, lens.rows.value)
    if (what === 'lens') {
      const { on, z, before } = lens.lens.value!
      return distributionBytes(lens.set.value!.step, [
        { layer: on, h: z },
        ...(before ? [{ layer: before.layer, h: before.z }] : [])
      ])
    }
    if (what !== 'profile') return framesBytes(run, state.statistic.id)
    const steps = [...new Set([runs.pinnedStep, runs.liveStep])].filter(
      (s): s is number => s !== null && s !== undefined
    )
    return profileBytes(
      run,
      state.statistic.id,
      model.rows.value!,
      steps,
      model.profile.value.lines.find((l) => l.tone === 'theory')?.values
    )
  }
  function has(what: Picture): boolean {
    if (!model.run.value?.frames || model.empty.value) return false
    if (what === 'chain') return links.chain.value.links.length > 0
    if (what === 'ridgeline') return lens.rows.value.length > 0
    return what !== 'lens' || lens.lens.value !== undefined
  }

  const part: Record<Picture, () => string> = {
    network: () => `network-step-${runs.shownStep}`,
    heatmap: () => `${state.statistic.id}-heatmap`,
    profile: () => `${state.statistic.id}-profile`,
    curve: () => state.scalar,
    chain: () => `chain-step-${runs.shownStep}`,
    ridgeline: () => `${state.lensSource}-step-${lens.set.value?.step}`,
    lens: () => `lens-${lens.lens.value?.on.id}-step-${lens.set.value?.step}`,
    view: () => 'view'
  }
  async function put(what: Picture, form: ExportForm): Promise<boolean> {
    if (!has(what) || busy.value) return false
    const { k: scale, dark } = choice
    const name = fileName(`${base.value}-${part[what]()}`)
    if (form === 'copyPng') return copy(async () => ({ png: await png(what, scale, dark) }))
    if (form === 'copyCsv') return copy(async () => ({ text: new TextDecoder().decode(await csv(what)) }))
    if (form === 'csv')
      return save(what === 'view' ? `${base.value}-${state.statistic.id}.csv` : `${name}.csv`, () => csv(what))
    return form === 'svg'
      ? save(`${name}.svg`, () => svg(what, dark))
      : save(`${name}@${scale}x.png`, () => png(what, scale, dark))
  }
  return { busy, has, put, save, base }
}
