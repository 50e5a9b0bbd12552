import { readdirSync } from 'node:fs';
import type { Handler } from '../http/handle.ts';

/** Modules of the routes below /api, by the paths that Next.js gives them: `/api/v1/recordings/{id}`. */
export async function loadRoutes(): Promise<Map<string, Record<string, Handler>>> {
  const folder = new URL('../../api', import.meta.url).pathname;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(^|\/)route\.ts$/.test(file),
  );
  const routes = await Promise.all(
    files.map(async (file) => {
      const path = `/api/${file.replace(/\/route\.ts$/, '').replace(/\[(?:\.\.\.)?(\w+)\]/g, '{$1}')}`;
      return [path, (await import(`${folder}/${file}`)) as Record<string, Handler>] as const;
    }),
  );
  return new Map(routes);
}
