import type { Browser } from 'playwright/test';

/**
 * Notes what pages of the browser were refused by their content security policy. Being framed by a site that may not is
 * no mistake of a page.
 */
export function noteRefusals(browser: Browser, refusals: string[]): void {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.on('console', (message) => {
      const text = message.text();
      if (/Content[- ]Security[- ]Policy/i.test(text) && !text.includes('frame-ancestors')) refusals.push(text);
    });
    return context;
  };
}
