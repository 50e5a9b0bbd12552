/**
 * Whether everybody can use what the page shows now, as far as a machine can tell: axe-core in the light and the dark
 * scheme, and nothing to scroll sideways for (WCAG 1.4.10). Fails on what axe calls serious or critical.
 */
import axe from 'axe-core';
import { expect, type Page } from 'playwright/test';

const schemes = ['light', 'dark'] as const;
const failing: ReadonlySet<string | null | undefined> = new Set(['serious', 'critical']);

/** `what` names the state that is checked, for the message. */
export async function checkAccessibility(page: Page, what = new URL(page.url()).pathname): Promise<void> {
  const width = page.viewportSize()?.width;
  const findings: string[] = [];
  // Of a page that was only just gone to.
  await expect(page, `${what} has no title`).toHaveTitle(/./);
  for (const colorScheme of schemes) {
    // What fades, such as a dialog that was closed, has done so; what will fade in has its contrast at once.
    await page.evaluate(() => {
      const running = document.getAnimations().filter(({ playState }) => playState === 'running');
      const ending = running.filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      return Promise.allSettled(ending.map((animation) => animation.finished));
    });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Not as a script element: the page's content security policy would refuse it.
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const { id, impact, help, nodes } of violations.filter((violation) => failing.has(violation.impact))) {
      for (const node of nodes) {
        const why = [...node.any, ...node.all, ...node.none].map(({ message }) => message).join('; ');
        findings.push(
          `${colorScheme}: ${id} (${impact}): ${help}\n  ${node.target.join(' ')}\n  ${node.html}\n  ${why}`,
        );
      }
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  expect(findings.length, `${what} at ${width} px: what axe found\n${findings.join('\n')}`).toBe(0);

  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways, `${what} at ${width} px: pixels to scroll sideways`).toBeLessThanOrEqual(0);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
