import type { Actions, Command } from '@/commands/command'
import { useCommands } from '@/commands/registry'
import { pages } from '@/pages'
import { useUi } from '@/stores/ui'

const modules = import.meta.glob<Actions>(['../features/*/*/actions.ts', './*/actions.ts'], {
  eager: true,
  import: 'default'
})

/** One command for each page that goes there, and the commands of the pages themselves. */
const pageActions: Actions = () => {
  const ui = useUi()
  const switches = pages.map((p): Command => ({
    id: `page-${p.id}`,
    group: 'panels',
    icon: p.icon,
    name: p.command ?? { en: `Page: ${p.title.en}`, zh: `页面：${p.title.zh}` },
    on: () => ui.page === p.id,
    run: () => (ui.page = p.id),
    ...(p.keys && { keys: p.keys }),
    ...(p.words !== undefined && { words: p.words })
  }))
  const own = pages.map((p) => p.commands?.() ?? [])
  return () => [...switches, ...own.flatMap((list) => (typeof list === 'function' ? list() : list))]
}

/** The name of the folder that a file stands in. */
const areaOf = (file: string): string => file.split('/').at(-2)!

/** Installs every command there is, ordered by the names of their areas. */
export function installCommands(): void {
  const areas = [
    ...Object.entries(modules).map(([file, make]) => [areaOf(file), make] as const),
    ['pages', pageActions] as const
  ]
  useCommands().install(areas.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, make]) => make))
}
