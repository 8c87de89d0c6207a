import type { Language } from '@shared/base/text'
import { canRun, GROUPS, nameOf, type Command } from './command'
import { match } from './find'

export interface FoundCommand {
  command: Command
  /** Found letters in the name, in the language shown. */
  at: number[]
  /** Stands at the top because it was chosen lately. */
  recent: boolean
}

/** What is found by another word than its name comes after what is called so. */
const AFTER = 0.05

/**
 * Commands that fit a search, best first; with nothing typed all of them by group, those chosen lately before.
 * Both languages are searched. What can't be done now comes last.
 */
export function searchCommands(
  all: readonly Command[],
  query: string,
  language: Language,
  recent: readonly string[] = []
): FoundCommand[] {
  const usable = (c: Command): number => (canRun(c) ? 0 : 1)
  if (!query.trim()) {
    const lately = recent.flatMap((id) => all.filter((c) => c.id === id && canRun(c)))
    const rest = [...all].sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || usable(a) - usable(b))
    return [
      ...lately.map((command) => ({ command, at: [], recent: true })),
      ...rest.map((command) => ({ command, at: [], recent: false }))
    ]
  }
  const found = all.flatMap((command) => {
    const name = nameOf(command)
    const own = match(query, name[language])
    const others = [name[language === 'en' ? 'zh' : 'en'], command.words ?? ''].map((text) => match(query, text))
    const best = Math.max(own?.score ?? 0, ...others.map((other) => (other?.score ?? 0) - AFTER))
    return best > 0 ? [{ command, at: own && own.score >= best ? own.at : [], recent: false, score: best }] : []
  })
  return found.sort((a, b) => usable(a.command) - usable(b.command) || b.score - a.score).slice(0, 60)
}
