/** docs/glossary.md and docs/glossary.zh.md, as text made from src/shared/clinic/glossary. */
import { format } from 'prettier'

/** The documents by language, with the words around the terms. */
export const GLOSSARIES = {
  en: {
    file: 'docs/glossary.md',
    title: 'Glossary',
    other: '_[中文](glossary.zh.md)_',
    intro:
      'The terms of art that the window and these documents use. The window has the same text: press `?`, or rest the pointer on a term. `npm run glossary` writes this page from `src/shared/clinic/glossary`; edit that.',
    see: (links) => `_See_ ${links.join(', ')}.`,
    stop: '.',
    gap: ' ',
    proseWrap: 'always'
  },
  zh: {
    file: 'docs/glossary.zh.md',
    title: '术语表',
    other: '_[English](glossary.md)_',
    intro:
      '窗口和文档所用的术语。窗口里有同样的内容：按 `?`，或把指针停在术语上。\n本页由 `npm run glossary` 根据 `src/shared/clinic/glossary` 生成；请修改后者。',
    see: (links) => `另见${links.join('、')}。`,
    // Chinese has no spaces to wrap at: each part of an entry gets a line of its own.
    gap: '\n  ',
    stop: '',
    proseWrap: 'preserve'
  }
}

/**
 * The glossary as a page of Markdown.
 * @param {readonly import('../../src/shared/clinic/glossary').GlossaryPart[]} parts
 * @param {'en' | 'zh'} language
 * @returns {Promise<string>}
 */
export function glossaryPage(parts, language) {
  const words = GLOSSARIES[language]
  const name = new Map(parts.flatMap((part) => part.entries.map((entry) => [entry.id, entry.term[language]])))
  const entryText = ({ id, term, short, more, see }) =>
    [
      `- <a id="${id}"></a>**${term[language]}${words.stop}**`,
      short[language],
      more?.[language],
      see && words.see(see.map((other) => `[${name.get(other)}](#${other})`))
    ]
      .filter(Boolean)
      .join(words.gap)
  const text = [
    `# ${words.title}`,
    words.other,
    words.intro,
    ...parts.flatMap((part) => [`## ${part.name[language]}`, part.entries.map(entryText).join('\n')])
  ].join('\n\n')
  return format(text, { parser: 'markdown', printWidth: 120, proseWrap: words.proseWrap })
}
