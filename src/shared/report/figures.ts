import { css, inkOn } from '../base/colour'
import { rounded } from '../base/rounded'
import { layerLabel } from '../run/names'
import { html, type Html } from './html'
import * as plots from './plots'
import { gradientsOf, lastChain, spaced, theoryOf, type Rows } from './rows'
import { metricName } from '../cure/words'
import { size, type Say, short } from './words'
import type { ReportRun } from './types'

const [A, B, THEORY] = ['#A34A0A', '#00757A', '#CBD1DA']
/** A run with its rows and what it is called in the report. */
export interface Shown {
  run: ReportRun
  rows: Rows
  name: string
}
const named = ({ run, rows }: Shown, say: Say): string[] =>
  rows.layers.map((l) => say.text(layerLabel(run.schema.layers, l)))
/** @param more what holds on screen only */
const caption = (n: number, title: string, text: string, more = ''): Html =>
  html`<figcaption>
    <b>${title.replace('#', String(n))}</b> ${text}${more ? html` <span class="live">${more}</span>` : ''}
  </figcaption>`

/** The gradient of a run by layer and step, and its profile at the last step over what theory expects. */
export function caseFigure(shown: Shown, scale: plots.Decades, say: Say): Html {
  const { run, rows, name } = shown
  const box = { x: 36, y: 16, w: 440, h: Math.max(120, Math.min(240, 9 * rows.layers.length)) }
  const side = { x: 584, y: 16, w: 148, h: box.h }
  const values = gradientsOf(run, rows)
  const theory = theoryOf(rows, values)
  const isKnown = theory.some((v) => v !== undefined)
  const count = rows.layers.length
  const at = say(`step ${run.frames.lastStep!}`, `第 ${run.frames.lastStep!} 步`)
  const lines = [
    ...(isKnown ? [{ name: say('theory', '理论'), values: theory, colour: THEORY, theory: true }] : []),
    { name: at, values, colour: A }
  ]
  const below = box.y + box.h
  return html`<figure>
    <svg
      width="740"
      height="${below + 40}"
      viewBox="0 0 740 ${below + 40}"
      role="img"
      aria-label="${say('Gradient by layer and step', '各层各步的梯度')}"
    >
      ${plots.rowAxis(box, count, say('layer', '层'))}${plots.heatmap(run, rows, box, scale, 'gradients-a', name)}${plots.stepAxis(box, run.progress.steps)}${plots.colourBar({ x: 488, y: 16, w: 10, h: box.h }, scale)}
      ${plots.rowAxis(side, count, say('layer', '层'))}${plots.profile(lines, count, side, named(shown, say))}${plots.legend(side.x + 8, below + 30, [{ name: at, colour: A }])}${isKnown ? plots.legend(side.x + 88, below + 30, [{ name: say('theory', '理论'), colour: THEORY }]) : ''}</svg
    >${caption(1, say(`Figure #. ${name}.`, `图 #　${name}。`), say(`Size of ∂L/∂h (RMS over batch and units) for every layer and step, seed ${run.experiment.seed}; right, its profile at the last step${isKnown ? ' over what theory expects' : ''}.`, `每层每步 ∂L/∂h 的大小（对批与单元取均方根），种子 ${run.experiment.seed}；右侧为最后一步的剖面${isKnown ? '与理论预期' : ''}。`), say('Point at a place to read it.', '指向某处即可读数。'))}
  </figure>`
}

const curve = (run: ReportRun, name: string, colour: string): plots.Curve => {
  const { frames } = run
  const c = frames.scalarColumn('loss')
  return { name, colour, steps: [...frames.steps], values: Array.from(frames.steps, (_, f) => frames.scalar(f, c)) }
}
const judged = (run: ReportRun, metric: string, name: string, colour: string, dashed = false): plots.Curve => ({
  name,
  colour,
  dashed,
  steps: run.evaluations.map((e) => e.step),
  values: run.evaluations.map((e) => e.metrics[metric])
})
const title = (x: number, letter: string, text: string): Html =>
  html`${plots.label(x, 8, letter, 'start', 't')}${plots.label(x + 12, 8, text)}`

/** The treated run beside the untreated one: its gradient, both losses, both profiles. */
export function pairFigure(a: Shown, b: Shown, scale: plots.Decades, say: Say): Html {
  const [heat, loss, side] = [
    { x: 36, y: 24, w: 272, h: 160 },
    { x: 372, y: 24, w: 176, h: 160 },
    { x: 604, y: 24, w: 130, h: 160 }
  ]
  const last = (s: Shown): string => {
    const c = curve(s.run, '', '')
    return size(c.values[c.values.length - 1])
  }
  const lines = [
    { name: a.name, values: gradientsOf(a.run, a.rows), colour: A },
    { name: b.name, values: gradientsOf(b.run, b.rows), colour: B }
  ]
  // Networks of other depths share no rows: the profile is then of the treated one alone.
  const shown = a.rows.layers.length === b.rows.layers.length ? lines : lines.slice(1)
  const steps = Math.max(a.run.progress.steps, b.run.progress.steps)
  return html`<figure>
    <svg width="740" height="222" viewBox="0 0 740 222" role="img" aria-label="${b.name}">
      ${title(36, 'a', short(say(`∂L/∂h, ${b.name}`, `∂L/∂h，${b.name}`), 48))}${plots.rowAxis(heat, b.rows.layers.length, '')}${plots.heatmap(b.run, b.rows, heat, scale, 'gradients-b', b.name)}${plots.stepAxis(heat, b.run.progress.steps)}
      ${title(364, 'b', say('loss, training', '训练损失'))}${plots.curves([curve(a.run, a.name, A), curve(b.run, b.name, B)], steps, loss, 'curves')}${title(588, 'c', say('∂L/∂h by layer', '各层 ∂L/∂h'))}${plots.rowAxis(side, b.rows.layers.length, '')}${plots.profile(shown, b.rows.layers.length, side, named(b, say))}
      ${plots.legend(372, 214, [{ name: `${short(a.name, 16)} ${last(a)}`, colour: A }])}${plots.legend(516, 214, [{ name: `${short(b.name, 24)} ${last(b)}`, colour: B }])}</svg
    >${caption(2, say(`Figure #. ${b.name},`, `图 #　${b.name}，`), say(`seed ${b.run.experiment.seed}. a, on the colour scale of figure 1. b, loss of both runs. c, profile at the last step.`, `种子 ${b.run.experiment.seed}。a 与图 1 同色标；b 为两次运行的损失；c 为最后一步的剖面。`))}
  </figure>`
}
/** Loss and metric of a single run, on what it trains on and on what it is judged by. */
export function curvesFigure({ run }: Shown, metric: string | undefined, say: Say): Html {
  const [left, right] = [
    { x: 48, y: 24, w: 290, h: 160 },
    { x: 440, y: 24, w: 290, h: 160 }
  ]
  const isHeld = run.evaluations.some((e) => e.metrics['loss'] !== undefined)
  const losses = [
    curve(run, say('training', '训练'), A),
    ...(isHeld ? [judged(run, 'loss', say('validation', '验证'), B, true)] : [])
  ]
  const { steps } = run.progress
  const second =
    metric && run.evaluations.some((e) => metric in e.metrics)
      ? html`${title(440, 'b', say.text(metricName(metric)))}${plots.curves([judged(run, metric, metric, B)], steps, right, 'curves', metric, metric === 'accuracy')}`
      : ''
  return html`<figure>
    <svg width="740" height="222" viewBox="0 0 740 222" role="img" aria-label="${say('Curves', '曲线')}">
      ${title(48, 'a', say('loss', '损失'))}${plots.curves(losses, steps, left, 'curves')}${losses.map((l, i) => plots.legend(48 + 110 * i, 214, [l]))}${second}</svg
    >${caption(2, say('Figure #. Curves.', '图 #　曲线。'), say('Loss at every recorded step; dashed, what is held out.', '每个记录步的损失；虚线为留出的样本。'))}
  </figure>`
}

/** Most columns of the table of the chain. */
const COLUMNS = 20
/** The product of factors from the loss to the first layer, as a table. */
export function chainTable(shown: readonly Shown[], scale: plots.Decades, say: Say): Html {
  const tables = shown.map(({ run, rows, name }, k) => {
    const { links, startValue, start } = lastChain(run, rows)
    const back = [...links].reverse()
    const count = rows.layers.length
    const columns = spaced(back.length + 1, COLUMNS)
    const cell = (
      value: number | undefined,
      colour: (v: number) => readonly [number, number, number],
      text: string
    ) => {
      if (value === undefined) return html`<td>–</td>`
      const c = colour(value)
      return html`<td class="c" style="background:${css(c)};color:${inkOn(c)}">${text}</td>`
    }
    const power = (v: number | undefined): string =>
      v === undefined || !(v > 0) || !Number.isFinite(v) ? size(v) : Math.log10(v).toFixed(1).replace('-', '−')
    const gradient = (i: number): number | undefined => {
      if (!i) return startValue
      const p = back[i - 1]!.product
      return p === undefined || startValue === undefined ? undefined : p * startValue
    }
    return html`<table class="chain">
      <tr>
        <th>${say('into layer', '传至层')}</th>
        ${columns.map((i) => html`<th>${count - i}</th>`)}
      </tr>
      <tr>
        <td style="font-weight:600;color:${k ? B : A}">${say('gain', '增益')}${shown.length > 1 ? `, ${name}` : ''}</td>
        ${columns.map((i) =>
          i
            ? cell(
                back[i - 1]!.factor,
                plots.factor,
                back[i - 1]!.factor === undefined
                  ? ''
                  : rounded(back[i - 1]!.factor!, 2)
                      .toString()
                      .slice(0, 6)
              )
            : html`<td>${start ? say('loss', '损失') : ''}</td>`
        )}
      </tr>
      <tr>
        <td>log₁₀ ∂L/∂h</td>
        ${columns.map((i) => cell(gradient(i), (v) => plots.magnitude(v, scale), power(gradient(i))))}
      </tr>
    </table>`
  })
  const left = shown.some(({ rows }) => rows.layers.length > COLUMNS)
  return html`<figure>
    ${tables}${caption(3, say('Figure #.', '图 #　'), say(`Read from the loss on the left to layer 1 on the right: each gain is one factor of the product, blue where the gradient shrinks, orange where it grows; below it what is left, as a power of ten. Last recorded step.${left ? ' Of so many layers, evenly spaced ones are shown; the table inside this file has all.' : ''}`, `自左侧的损失读到右侧的第 1 层：每个增益是乘积中的一个因子，蓝色为缩小，橙色为放大；其下为剩余梯度的 10 的幂。取最后记录的一步。${left ? '层数较多，仅等距列出；本文件内的表格包含全部。' : ''}`))}
  </figure>`
}
