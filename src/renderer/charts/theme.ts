/** Colours that charts draw with, for either theme. Equal to the tokens of styles (a test compares them). */
export interface ChartTheme {
  dark: boolean
  panel: string
  raised: string
  canvas: string
  line: string
  line2: string
  control: string
  text: string
  text2: string
  text3: string
  accent: string
  runA: string
  runB: string
  ok: string
  warn: string
  bad: string
  empty: string
  empty2: string
}
/** Colours of runs side by side, A first. */
export const RUN_COLOURS = {
  light: ['#A34A0A', '#00757A', '#2F58C9', '#8A3FA0', '#1B7446', '#5C6675'],
  dark: ['#F0A060', '#4CC5C2', '#93AEFF', '#CF93E0', '#62C592', '#949EAE']
} as const
export const LIGHT: ChartTheme = {
  dark: false,
  panel: '#FFFFFF',
  raised: '#FFFFFF',
  canvas: '#F8F9FB',
  line: '#E1E5EA',
  line2: '#C6CCD5',
  control: '#7A8494',
  text: '#1A1F27',
  text2: '#454E5B',
  text3: '#5C6675',
  accent: '#2F58C9',
  runA: '#A34A0A',
  runB: '#00757A',
  ok: '#1B7446',
  warn: '#8A5700',
  bad: '#B3261E',
  empty: '#F1F3F6',
  empty2: '#E6E9EE'
}
export const DARK: ChartTheme = {
  dark: true,
  panel: '#1B1F26',
  raised: '#232830',
  canvas: '#171A20',
  line: '#2C323C',
  line2: '#434B58',
  control: '#7D8798',
  text: '#E8EBF0',
  text2: '#B4BCC8',
  text3: '#949EAE',
  accent: '#93AEFF',
  runA: '#F0A060',
  runB: '#4CC5C2',
  ok: '#62C592',
  warn: '#E3B052',
  bad: '#F48A82',
  empty: '#1D2129',
  empty2: '#272C35'
}
export const themeOf = (dark: boolean): ChartTheme => (dark ? DARK : LIGHT)
/** Single quotes: SVG puts it into an attribute as it is. */
export const FONT = `'Inter Variable', Inter, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', 'DejaVu Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif`
