import type { Page } from 'playwright'
import { LONG } from '../harness'

/** Groups of remedies without normalisation, whose remedies cure the opening example: a search of some seconds. */
const ALL_BUT_NORMALISATION = ['activation', 'architecture', 'gradient', 'initialisation', 'training', 'weights']

/** Goes to page Cure and asks for two seeds. @param leftOut groups of remedies that are not tried */
export async function askCure(page: Page, leftOut: readonly string[] = ALL_BUT_NORMALISATION): Promise<void> {
  await page.getByTestId('page-cure').click()
  await page.getByTestId('cure-seeds').fill('2')
  await page.getByTestId('cure-seeds').press('Tab')
  for (const group of leftOut) await page.getByTestId(`cure-consider-${group}`).click()
}
/** Waits until the search is so far: `running`, `stopped`, `done` … */
export const curePhase = (page: Page, name: string): Promise<void> =>
  page.locator(`[data-testid=cure-page][data-phase=${name}]`).waitFor({ timeout: LONG })
