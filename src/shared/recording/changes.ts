import { callIn } from '../base/callInLine'
import { parseSpec } from '../base/params'
import type { CodeChange, CodeLine } from '../base/python'
import type { Text } from '../base/text'
import { remedies } from '../clinic/remedies'
import { lookup } from '../experiment/lookup'
import type { Finding, RunSchema } from '../run/types'

/** Lines to change in a person's own program, and where. */
export interface Advised {
  /** What they do, in a few words. */
  name: Text
  /** The line beside which they go, or that they replace, where that is known. */
  at?: CodeLine
  where: Text
  /** The lines take the place of the line that is there. */
  replaces?: true
  lines: string[]
}

/** Where lines go that no line of the program is known for. */
export const WHERE: Readonly<Record<CodeChange['place'], Text>> = {
  model: { en: 'after the model is made', zh: '在创建模型之后' },
  optimizer: { en: 'after the optimizer is made', zh: '在创建优化器之后' },
  scaler: { en: 'where the gradient scaler is made', zh: '在创建梯度缩放器处' },
  beforeStep: { en: 'before optimizer.step()', zh: '在 optimizer.step() 之前' },
  afterStep: { en: 'after optimizer.step()', zh: '在 optimizer.step() 之后' },
  batch: { en: 'where a batch is read', zh: '在读取批次处' },
  module: { en: 'where the module is made', zh: '在创建该模块处' }
}

/** The last name of a path, as a person says it. */
const baseOf = (file: string): string => file.replace(/^.*[\\/]/, '')

/** An expression in a line of a person's code, and what it becomes. */
export interface Replaced {
  /** In the person's words, where the line shows it. */
  from: string
  to: string
  /** Whether the line shows it. */
  isShown: boolean
}
/**
 * Finds an expression in a line of a person's code, and tells what it becomes there.
 * @param is the expression as we write it
 * @param becomes the new one, of what stands there
 */
export function replaced(line: string, is: string, becomes: (there: string) => string): Replaced {
  const found = callIn(line, is)
  const from = found?.text ?? is
  // `Linear` may have been imported by its name; what is new need not have been.
  const prefix = found?.prefix || 'torch.nn.'
  const isModule = /^(?:torch\.)?nn\.$/.test(prefix)
  const to = becomes(from).replace(/(?<![\w.])nn\./g, isModule ? prefix : 'torch.nn.')
  return { from, to, isShown: !!found }
}
/** Tells what becomes of expressions of one line. */
export function inLine(name: Text, at: CodeLine, all: readonly Replaced[]): Advised {
  const place = `${baseOf(at.file)}:${at.line}`
  const from = [...new Set(all.map((r) => r.from))].join(', ')
  const isClear = all.every((r, i) => r.isShown && all.findIndex((o) => o.from === r.from) === i)
  return {
    name,
    at,
    where: { en: `in ${place} replace ${from}`, zh: `在 ${place} 处替换 ${from}` },
    ...(isClear
      ? { replaces: true, lines: [all.reduce((text, { from, to }) => text.split(from).join(to), at.text)] }
      : { lines: all.map((r) => r.to) })
  }
}
/** A module behind another one, as one expression. */
export const behind = (there: string, ...more: string[]): string => `nn.Sequential(${[there, ...more].join(', ')})`

/** Whether lines can be given for a recorded run: they are PyTorch's. */
const isTorch = ({ versions }: RunSchema): boolean => Object.keys(versions).includes('pytorch')

/** What a change comes to in the lines of all hidden modules of its kind, each line once. */
function inEach(
  name: Text,
  { kind, behind: isBehind }: NonNullable<CodeChange['each']>,
  schema: RunSchema,
  changes: (width: number) => CodeChange[]
): Advised[] {
  const hidden = schema.layers
    .filter((l) => l.kind === kind && l.recorded?.code)
    .slice(0, kind === 'dense' ? -1 : undefined)
  const each = new Map<string, Advised>()
  for (const { outputShape, recorded } of hidden) {
    const { className, code } = recorded!
    const expression = changes(outputShape[outputShape.length - 1] ?? 1).find((c) => c.each)?.lines[0]
    const key = `${code!.file}:${code!.line}`
    // A module that is what it is to become is left alone.
    if (expression === undefined || each.has(key) || expression.includes(`.${className}(`)) continue
    each.set(
      key,
      inLine(name, code!, [
        replaced(code!.text, `nn.${className}()`, (there) => (isBehind ? behind(there, expression) : expression))
      ])
    )
  }
  return [...each.values()]
}

/**
 * What to change in the program that was recorded, so that it does what a finding advises: its own changes first, then
 * those of its remedies that can be written in a few lines, best first.
 * @param learningRate of the newest step
 */
export function changesFor(finding: Finding, schema: RunSchema, learningRate?: number): Advised[] {
  if (!schema.recording || !isTorch(schema)) return []
  const layer = schema.layers.find((l) => l.id === finding.layers[0])
  const width = layer?.outputShape[layer.outputShape.length - 1]
  const site = {
    isScaled: schema.scalars.includes('ampScale'),
    ...(width !== undefined && { width }),
    ...(learningRate !== undefined && { learningRate })
  }
  const { step } = schema.recording
  const lineOf = ({ place }: CodeChange): CodeLine | undefined =>
    place === 'beforeStep' || place === 'afterStep' ? step : place === 'module' ? layer?.recorded?.code : undefined
  const told = (name: Text, { place, lines }: CodeChange): Advised => {
    const at = lineOf({ place, lines })
    return { lines, name, where: WHERE[place], ...(at && { at }) }
  }
  const own = (finding.changes ?? []).map((c) => told({ en: 'What was found', zh: '所发现的问题' }, c))
  const advised = finding.advice.flatMap((id) => {
    const remedy = remedies.find(id)
    if (!remedy?.inTorch) return []
    const p = parseSpec('remedies', { ...finding.choices?.[id], id }, 'remedies', [], lookup)
    return remedy
      .inTorch(p, site)
      .flatMap((c) =>
        c.each
          ? inEach(remedy.name, c.each, schema, (width) => remedy.inTorch!(p, { ...site, width }))
          : [told(remedy.name, c)]
      )
  })
  return [...own, ...advised]
}

/** The changes as one text to copy: each with a comment of where it goes. */
export const textOfChanges = (changes: readonly Advised[]): string =>
  changes
    .map(({ name, at, where, lines, replaces }) =>
      [
        `# ${name.en}: ${where.en}${at ? ` (${at.file}:${at.line})` : ''}`,
        ...(replaces ? [`# was: ${at!.text}`] : []),
        ...lines
      ].join('\n')
    )
    .join('\n\n')
    .concat('\n')
