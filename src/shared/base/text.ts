/** A text in every language the app speaks. */
export interface Text {
  en: string
  zh: string
}
export type Language = keyof Text
