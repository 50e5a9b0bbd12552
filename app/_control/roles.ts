/** Each role may do what those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

/**
 * `viewer` watches, downloads and sees everything that is no secret; `operator` starts, stops and deletes recordings,
 * shares them and writes rules; `admin` has users, API keys, webhooks and settings.
 */
export type Role = (typeof roles)[number];

/** Whether somebody with the role may do what is meant for `needed`. */
export function mayAs(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
