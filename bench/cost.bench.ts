/**
 * How the cost of a step grows with depth, width, batch and T, beside the bound that this machine's multiply–adds set.
 *   npm run bench -- cost [--rounds N] [--write]     --write: into docs/cost.md and docs/images/cost.svg
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { format } from 'prettier'
import { loadTensorFlow } from '../src/trainer/tensorflow'
import { mlp, multiplyAdds, recurrent, type Case } from './parts/cases'
import { interleave, median, options, stepsFor } from './parts/rounds'
import { isWorker, serve } from './parts/worker'
import { nodeWorker } from './parts/workers'

const SERIES: { id: string; axis: string; of: number[]; make: (n: number) => Case }[] = [
  {
    id: 'depth',
    axis: 'Depth (layers of 64, batch 64)',
    of: [5, 10, 20, 50, 100, 200],
    make: (n) => mlp(n, 64, 'relu')
  },
  {
    id: 'width',
    axis: 'Width (20 layers, batch 64)',
    of: [16, 32, 64, 128, 256, 512],
    make: (n) => mlp(20, n, 'relu')
  },
  {
    id: 'batch',
    axis: 'Batch (20 layers of 64)',
    of: [8, 16, 32, 64, 128, 256, 512],
    make: (n) => mlp(20, 64, 'relu', undefined, n)
  },
  { id: 'T', axis: 'T (LSTM of 64 units, batch 64)', of: [10, 25, 50, 100, 200], make: (n) => recurrent('lstm', n, 64) }
]
/** The best this engine does here: multiply–adds per millisecond of one large product of matrices. */
function peak(): number {
  const { tf } = loadTensorFlow()
  const n = 1024
  // Executed when the call returns: what is timed is the product alone.
  const [a, b] = [tf.randomNormal([n, n]), tf.randomNormal([n, n])]
  const times: number[] = []
  for (let i = 0; i < 40; i++) {
    const start = performance.now()
    const c = tf.matMul(a as never, b as never)
    if (i > 1) times.push(performance.now() - start)
    c.dispose()
  }
  return n ** 3 / Math.min(...times)
}
interface Row {
  n: number
  all: number
  bare: number
  bound: number
}
const short = (ms: number): string => (ms >= 10 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(1) : ms.toPrecision(2))

function picture(results: { axis: string; rows: Row[] }[]): string {
  use([LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 960, height: 640 })
  const at = results.map((_, i) => ({
    left: 70 + (i % 2) * 470,
    top: 60 + Math.floor(i / 2) * 300,
    width: 370,
    height: 200
  }))
  const colours = ['#2F58C9', '#00757A', '#A34A0A']
  const names = ['all statistics', 'none', 'bound by multiply–adds']
  chart.setOption({
    animation: false,
    backgroundColor: '#FFFFFF',
    color: colours,
    legend: { top: 8, data: names },
    title: results.map((r, i) => ({
      text: r.axis,
      left: at[i]!.left,
      top: at[i]!.top - 26,
      textStyle: { fontSize: 12, fontFamily: 'sans-serif', color: '#1A1F27' }
    })),
    grid: at,
    xAxis: results.map((_, i) => ({
      type: 'log',
      gridIndex: i,
      min: 'dataMin',
      max: 'dataMax',
      splitLine: { show: false },
      axisLabel: { color: '#5C6675' }
    })),
    yAxis: results.map((_, i) => ({
      type: 'log',
      gridIndex: i,
      name: i % 2 ? '' : 'ms per step',
      axisLabel: { color: '#5C6675' },
      splitLine: { lineStyle: { color: '#E1E5EA' } }
    })),
    series: results.flatMap((r, i) =>
      (['all', 'bare', 'bound'] as const).map((key, k) => ({
        type: 'line',
        name: names[k]!,
        xAxisIndex: i,
        yAxisIndex: i,
        symbolSize: 5,
        data: r.rows.map((row) => [row.n, row[key]]),
        lineStyle: { width: 2, ...(key === 'bound' && { type: 'dashed' }) },
        itemStyle: { color: colours[k]! }
      }))
    )
  } as never)
  return chart.renderToSVGString()
}

async function main(): Promise<void> {
  const { rounds, only } = options()
  const speed = peak()
  const own = nodeWorker()
  const results: { id: string; axis: string; rows: Row[] }[] = []
  for (const s of SERIES.filter((x) => !only || x.id === only)) {
    const rows: Row[] = []
    for (const n of s.of) {
      const c = s.make(n)
      const { times: t } = await interleave(
        c,
        [
          ['all', own],
          ['bare', own]
        ],
        rounds,
        stepsFor(c)
      )
      // Forward, and backward to inputs and to weights: three products where the forward pass has one.
      rows.push({
        n,
        all: median(t.get('all')!),
        bare: median(t.get('bare')!),
        bound: (3 * c.batch * multiplyAdds(c)) / speed
      })
      const r = rows[rows.length - 1]!
      console.log(
        `${s.id} ${n}: ${short(r.all)} ms with all statistics, ${short(r.bare)} ms without, bound ${short(r.bound)} ms`
      )
    }
    results.push({ ...s, rows })
  }
  own.end()
  if (!process.argv.includes('--write')) return
  const tables = results.map(
    (r) =>
      `## ${r.axis}\n\n| ${r.id} | all statistics, ms | none, ms | all ÷ none | bound, ms | none ÷ bound |\n|---:|---:|---:|---:|---:|---:|\n${r.rows.map((x) => `| ${x.n} | ${short(x.all)} | ${short(x.bare)} | ${(x.all / x.bare).toFixed(2)} | ${short(x.bound)} | ${(x.bare / x.bound).toFixed(1)} |`).join('\n')}\n`
  )
  writeFileSync('docs/images/cost.svg', picture(results) + '\n')
  const page = [
    '# What a step costs',
    `Median step times of ${rounds} interleaved rounds in plain Node on ${cpus().length} cores of one machine, written by \`npm run bench -- cost --write\`. Other machines have other milliseconds; the way they grow is what matters.`,
    `The bound is the time of the multiply–adds of the forward pass and of the two products of the backward pass, at the speed of one product of two 1024 × 1024 matrices in the same engine (${((2 * speed) / 1e6).toFixed(0)} GFLOP/s here). A step far above its bound spends its time on many small operations. A step near its bound spends it on arithmetic.`,
    '![ms per step over depth, width, batch and T](images/cost.svg)',
    ...tables
  ].join('\n\n')
  writeFileSync('docs/cost.md', await format(page, { parser: 'markdown', printWidth: 120, proseWrap: 'always' }))
  console.log('docs/cost.md and docs/images/cost.svg written')
}
if (isWorker) serve()
else void main().then(() => process.exit())
