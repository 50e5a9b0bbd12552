import type { Role } from '../../_control/roles.ts';

/** In the order of what they may. */
export const roleNames: readonly { role: Role; label: string; may: string }[] = [
  { role: 'viewer', label: 'Viewer', may: 'watches and downloads' },
  { role: 'operator', label: 'Operator', may: 'also records, deletes, shares and writes rules' },
  { role: 'admin', label: 'Admin', may: 'also has users, API keys and settings' },
];

export function roleLabel(role: Role): string {
  return roleNames.find((known) => known.role === role)?.label ?? role;
}
