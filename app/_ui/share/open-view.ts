import type { Problem } from '../../_control/api.ts';

export type OpenedView = { pass: string } | { refused: string };

/** Begins to watch a share: it is counted, and the pass is for everything that is shown from then on. */
export async function openView(token: string, password?: string): Promise<OpenedView> {
  try {
    const response = await fetch(`/s/${encodeURIComponent(token)}/views`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    if (response.ok) return (await response.json()) as { pass: string };
    const problem = (await response.json()) as Problem;
    return { refused: response.status === 404 ? 'This link does not work any more.' : problem.detail };
  } catch {
    return { refused: 'The server cannot be reached. Check the connection and try again.' };
  }
}
