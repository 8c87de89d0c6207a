/** Entry of scripts/gallery.mjs: trains the ready experiments and writes what their pictures show. */
import { readFileSync, writeFileSync } from 'node:fs'
import { templates } from '@shared/clinic/templates'
import { fingerprint, packed, PICTURE, spread, type Recorded } from '@shared/clinic/templates/parts/picture'
import { trainRun } from '../trainer/collect'

async function record(t: (typeof templates)[number]): Promise<Recorded> {
  const experiment = t.make()
  const statistic = t.shows ?? 'activationGradientRms'
  const { schema, table } = await trainRun(experiment)
  if (!schema || !table?.length) throw new Error(`${t.id}: nothing was recorded`)
  const mains = schema.layers.filter((l) => l.main)
  // Of a recurrent layer the rows are its time steps.
  const byTime = mains.flatMap((l) => table!.timeColumns(l.index, statistic))
  const all = byTime.length ? byTime : mains.map((l) => table!.column(l.index, statistic)).filter((c) => c >= 0)
  const rows = spread(all.length, PICTURE.rows).map((i) => all[i]!)
  const frames = spread(table.length, PICTURE.columns)
  const cells = rows.map((c) => frames.map((f) => packed(table!.value(f, c) ?? NaN)).join('')).join('')
  return { of: fingerprint(experiment), statistic, rows: rows.length, columns: frames.length, cells }
}

async function main([path = 'resources/gallery.json', ...only]: string[]): Promise<void> {
  let old: Record<string, Recorded> = {}
  try {
    old = JSON.parse(readFileSync(path, 'utf8')) as typeof old
  } catch {
    // None yet.
  }
  const out: Record<string, Recorded> = {}
  for (const t of templates) {
    const kept = old[t.id]
    const fresh = kept?.of === fingerprint(t.make()) && kept.statistic === (t.shows ?? 'activationGradientRms')
    if (kept && (only.length ? !only.includes(t.id) : fresh)) out[t.id] = kept
    else {
      process.stdout.write(`${t.id}\n`)
      out[t.id] = await record(t)
    }
  }
  writeFileSync(
    path,
    `{\n${Object.entries(out)
      .map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`)
      .join(',\n')}\n}\n`
  )
}
void main(process.argv.slice(2))
