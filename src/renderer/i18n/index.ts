import { createI18n, useI18n } from 'vue-i18n'
import type { Language, Text } from '@shared/base/text'
import common from './messages'

type Tree = { [key: string]: string | Tree }
interface Messages {
  en: Tree
  zh: Tree
}

/** Each feature, page and part of the window brings its own words: `<area>/messages.ts`, found under `<area>.` */
const areas = import.meta.glob<Messages>('../{features/*,pages,window}/*/messages.ts', {
  eager: true,
  import: 'default'
})
const all: Messages = { en: { common: common.en }, zh: { common: common.zh } }
for (const [file, messages] of Object.entries(areas)) {
  const area = file.split('/').at(-2)!
  all.en[area] = messages.en
  all.zh[area] = messages.zh
}

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: all as never,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV
})

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}
export const language = (): Language => (i18n.global.locale.value === 'zh' ? 'zh' : 'en')

/** A message in both languages: what is searched and kept must not depend on the one of the moment. */
export function both(key: string, named: Record<string, unknown> = {}, plural?: number): Text {
  const say = (locale: Language): string =>
    i18n.global.t(key, named, { locale, ...(plural !== undefined && { plural }) })
  return { en: say('en'), zh: say('zh') }
}
/** Reads a `Text` in the language of the moment; reactive. */
export function useText(): (text: Text | undefined) => string {
  const { locale } = useI18n()
  return (text) => (text ? text[locale.value as Language] : '')
}
/** Every key with its text, for tests. */
export const messages: Messages = all
