/** What src/shared uses of Vite: registries glob their own folder. */
interface ImportMeta {
  glob<T>(patterns: string | string[], options: { eager: true; import?: string }): Record<string, T>
  glob<T>(patterns: string | string[], options?: { eager?: false; import?: string }): Record<string, () => Promise<T>>
}
/** And the tables that ship with the app, as text. */
declare module '*.csv?raw' {
  const text: string
  export default text
}
